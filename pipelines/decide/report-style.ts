/** The page's only style sheet: no font, image or script from anywhere. Colours reach 4.5:1 on their ground. */
export const REPORT_STYLE = `
:root {
  color-scheme: light dark;
  --ground: #ffffff; --panel: #f5f6f8; --line: #d5d9e0; --text: #1c2430; --quiet: #586374;
  --pass: #1a7340; --fail: #b3261e; --open: #8a5a00;
  --added: #e3f5e9; --removed: #fce8e6; --accent: #2457b3;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #12161c; --panel: #1b2129; --line: #364050; --text: #e6eaf0; --quiet: #a3aebd;
    --pass: #6bd394; --fail: #ff9a90; --open: #f0bd5a;
    --added: #16351f; --removed: #421d1a; --accent: #8fb8ff;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 16px/1.5 system-ui, "Segoe UI", Roboto, sans-serif; }
main { max-width: 76rem; margin: 0 auto; padding: 1.5rem clamp(1rem, 4vw, 2.5rem) 4rem; }
h1 { font-size: clamp(1.25rem, 1rem + 1.6vw, 2rem); line-height: 1.25; margin: .25rem 0 .75rem; overflow-wrap: anywhere; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .75rem; }
h3 { font-size: 1rem; margin: 0 0 .5rem; overflow-wrap: anywhere; }
p, ul, dl { margin: .5rem 0; max-width: 60rem; }
code, pre, .number { font-family: ui-monospace, "SF Mono", Consolas, "DejaVu Sans Mono", monospace; font-size: .875em; }
.outcome { display: inline-block; border: 2px solid currentColor; border-radius: .375rem; padding: .1rem .6rem; font-weight: 700; }
.pass { color: var(--pass); } .fail, .error { color: var(--fail); } .inconclusive, .missing { color: var(--open); }
.quiet { color: var(--quiet); }
a { color: var(--accent); text-underline-offset: .2em; }
.notice { border-left: .25rem solid var(--open); background: var(--panel); padding: .5rem .75rem; overflow-wrap: anywhere; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 15rem), 1fr)); gap: .75rem; max-width: none; }
.facts div { background: var(--panel); border-radius: .375rem; padding: .6rem .75rem; }
.facts dt { color: var(--quiet); font-size: .875rem; } .facts dd { margin: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; color: var(--quiet); font-size: .875rem; padding-bottom: .5rem; }
th, td { text-align: left; vertical-align: top; padding: .45rem .75rem .45rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
thead th { color: var(--quiet); font-size: .875rem; font-weight: 600; overflow-wrap: normal; }
td.pass, td.fail, td.inconclusive, td.error, td.missing { white-space: nowrap; }
tbody th { font-weight: 600; min-width: 8rem; }
td.number { white-space: nowrap; }
.reason { color: var(--quiet); font-size: .875rem; padding-top: 0; }
tr.first > * { border-bottom: 0; }
svg { display: block; width: 100%; max-width: 12rem; min-width: 8rem; height: 1.25rem; }
svg .axis { stroke: var(--line); } svg .range { stroke: var(--accent); } svg .point { fill: var(--accent); }
svg .limit { stroke: var(--fail); }
article { border: 1px solid var(--line); border-radius: .375rem; padding: .9rem 1rem; margin: 1rem 0; }
article h4 { font-size: .875rem; color: var(--quiet); margin: .75rem 0 .15rem; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; max-width: none; font: inherit; }
details { margin: .75rem 0; } summary { cursor: pointer; font-weight: 600; overflow-wrap: anywhere; }
summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.diff { border: 1px solid var(--line); border-radius: .375rem; padding: .5rem 0; margin: .5rem 0; overflow-wrap: anywhere; white-space: pre-wrap; }
.diff span { display: block; padding: 0 .75rem; min-height: 1.5em; }
.diff .added { background: var(--added); } .diff .removed { background: var(--removed); } .diff .hunk { color: var(--quiet); }
.wide { overflow-x: auto; }
@media (max-width: 48rem) {
  .cards thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .cards, .cards tbody, .cards tr, .cards th, .cards td, .cards caption { display: block; }
  .cards tbody th, .cards td { border: 0; padding: .1rem 0; white-space: normal; }
  .cards td[data-name]::before { content: attr(data-name) ": "; color: var(--quiet); font-family: system-ui, sans-serif; }
  .cards tr { border-bottom: 1px solid var(--line); padding: .5rem 0; }
  .cards tr.first { border-bottom: 0; padding-bottom: 0; }
  .cards td.none { display: none; }
}
@media print { details > * { display: block; } main { max-width: none; } }
`;
