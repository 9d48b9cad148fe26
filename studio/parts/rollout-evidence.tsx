import type { CanaryRollout } from "../../shared/model/flow.ts";
import type { ActiveRollout } from "../../shared/model/release.ts";
import type { RolloutProgress } from "../../shared/model/status.ts";
import type { DefectClass } from "../../shared/model/traffic.ts";
import { countWords, factorWords } from "../data/number-words.ts";
import { type ChartSeries, LineChart } from "./line-chart.tsx";
import { Moment } from "./moment.tsx";
import { Wide } from "./wide.tsx";

const DEFECTS: Record<DefectClass, string> = {
  error: "errors",
  latency: "answers over the latency objective",
  abandoned: "clients that left before the answer was whole",
  guardrail: "guardrail hits",
  thumbs_down: "thumbs-down",
  online_score: "failing online scores",
};
const COLOURS: Record<DefectClass, string> = {
  error: "--fail",
  latency: "--open",
  abandoned: "--quiet",
  guardrail: "--baseline",
  thumbs_down: "--accent",
  online_score: "--pass",
};
const factor = (value: number): string => `${factorWords(value)}\u00A0×`;

/** What the traffic of a rollout shows: how many sessions came, and how much speaks against the candidate. */
export function RolloutEvidence({
  rollout,
  progress,
}: {
  rollout: ActiveRollout;
  progress: RolloutProgress;
}) {
  const { plan } = rollout;
  const { newestAt, boundary, defects, shadow } = progress;
  if (shadow && plan.kind === "canary") return <ShadowEvidence plan={plan} {...shadow} />;
  const arrivals = [{ at: rollout.startedAt, canary: 0, stable: 0 }, ...progress.arrivals];
  const needed = plan.kind === "canary" ? plan.minSessions : 0;
  const came = progress.sessions;
  const arrivedAt = arrivals.map(({ at }) => Date.parse(at));
  return (
    <>
      <h2>Evidence</h2>
      <div class="tiles">
        <section class="tile" aria-labelledby="evidence-sessions">
          <h3 id="evidence-sessions">Sessions at this step</h3>
          <p class="big">
            {countWords(came.canary)}{" "}
            <span class="quiet small">of {countWords(needed)} needed on the candidate</span>
          </p>
          <progress max={Math.max(1, needed)} value={came.canary} aria-label="Sessions of the candidate" />
          <p class="quiet small">
            {countWords(came.stable)} on the version before
            {newestAt !== undefined && (
              <>
                , last heard of <Moment at={newestAt} />
              </>
            )}
          </p>
        </section>
        <section class="tile grow" aria-labelledby="evidence-arrivals">
          <h3 id="evidence-arrivals">Sessions of the rollout</h3>
          {progress.arrivals.length === 0 ? (
            <p class="quiet">None is counted yet: what the last 15 seconds brought is not in.</p>
          ) : (
            <LineChart
              label={`Sessions over time: ${countWords(arrivals.at(-1)?.canary ?? 0)} on the candidate, ${countWords(arrivals.at(-1)?.stable ?? 0)} on the version before`}
              times={arrivedAt}
              format={countWords}
              series={[
                {
                  label: "candidate",
                  colour: "--accent",
                  values: arrivals.map(({ canary }) => canary),
                  stepped: true,
                },
                {
                  label: "before",
                  colour: "--quiet",
                  values: arrivals.map(({ stable }) => stable),
                  stepped: true,
                },
              ]}
            />
          )}
        </section>
      </div>
      <section class="tile evidence-tile" aria-labelledby="evidence-against">
        <h3 id="evidence-against">Evidence against the candidate</h3>
        <p class="quiet small measure">
          How many times better what was seen fits a candidate that fails more often than it may. At{" "}
          {factor(boundary)} it is taken back, whenever that is: a candidate that is no worse gets there once
          in {factorWords(boundary)} rollouts at most.
        </p>
        {defects.length === 0 ? (
          <p>Nothing was wrong with any session.</p>
        ) : (
          <>
            <EvidenceChart startedAt={Date.parse(rollout.startedAt)} progress={progress} />
            <DefectTable progress={progress} />
          </>
        )}
      </section>
    </>
  );
}

/** Nobody is served at this step: what counts are turns that both answered. */
function ShadowEvidence({
  plan: { shadow },
  turns,
  wins,
}: {
  plan: CanaryRollout;
  turns: number;
  wins: number | null;
}) {
  const { minTurns = 0, noWorseThan = 0 } = shadow ?? {};
  const needed = Math.round(100 * (0.5 - noWorseThan));
  return (
    <>
      <h2>Evidence</h2>
      <section class="tile" aria-labelledby="evidence-turns">
        <h3 id="evidence-turns">Turns that both answered</h3>
        <p class="big">
          {countWords(turns)} <span class="quiet small">of {countWords(minTurns)} needed at least</span>
        </p>
        <progress max={Math.max(1, minTurns)} value={turns} aria-label="Turns that both answered" />
        {wins !== null && (
          <p>The candidate’s share of wins is {Math.round(100 * wins)} %, a tie being half.</p>
        )}
        <p class="quiet small measure">
          Nobody sees its answers. It goes on once it is certain that this share is above {needed} %, and is
          taken back once it is certain that it is below.
        </p>
      </section>
    </>
  );
}

function EvidenceChart({
  startedAt,
  progress: { defects, boundary },
}: {
  startedAt: number;
  progress: RolloutProgress;
}) {
  const grownAt = defects.flatMap(({ points }) => points.map(({ at }) => Date.parse(at)));
  const times = [...new Set([startedAt, ...grownAt])].sort((a, b) => a - b);
  const lines = defects.map(({ defect, points }): ChartSeries => {
    let latest = 1;
    const byTime = new Map(points.map(({ at, evidence }) => [Date.parse(at), evidence]));
    const values = times.map((time) => (latest = byTime.get(time) ?? latest));
    return { label: DEFECTS[defect], colour: COLOURS[defect], values, stepped: true };
  });
  const limit: ChartSeries = {
    label: "taken back at",
    colour: "--fail",
    values: times.map(() => boundary),
    dashed: true,
  };
  const words = defects.map(({ defect, evidence }) => `${DEFECTS[defect]} ${factor(evidence)}`).join(", ");
  return (
    <LineChart
      label={`Evidence over time, now ${words}; taken back at ${factor(boundary)}`}
      times={times}
      series={[...lines, limit]}
      format={factor}
      isLogarithmic
      least={1}
      most={boundary * 2}
    />
  );
}

function DefectTable({ progress: { defects, boundary } }: { progress: RolloutProgress }) {
  return (
    <Wide label="Sessions with something wrong">
      <table class="rows">
        <caption class="visually-hidden">Sessions with something wrong, by what it was first</caption>
        <thead>
          <tr>
            <th scope="col">Sessions with</th>
            <th scope="col" class="number">
              candidate
            </th>
            <th scope="col" class="number">
              before
            </th>
            <th scope="col" class="number">
              evidence
            </th>
            <th scope="col" class="number">
              taken back at
            </th>
          </tr>
        </thead>
        <tbody>
          {defects.map(({ defect, canary, stable, evidence }) => (
            <tr key={defect}>
              <th scope="row">{DEFECTS[defect]}</th>
              <td class="number">{countWords(canary)}</td>
              <td class="number">{countWords(stable)}</td>
              <td class={`number ${evidence >= boundary ? "fail" : ""}`}>{factor(evidence)}</td>
              <td class="number">{factor(boundary)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}
