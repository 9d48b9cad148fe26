/** A colour of `tokens.css` as a canvas takes it: a token is a choice between two, and only an element knows which. */
export function chartColour(host: HTMLElement, name: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  host.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
