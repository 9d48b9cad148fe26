import type { VersionInputs } from "../../shared/model/tried-turn.ts";
import { flowApi } from "../data/api.ts";
import type { KnownVersion } from "../data/known-versions.ts";
import { useDefaultQuery, usePlace } from "../data/location.ts";
import { askedFields } from "../data/playground/asked-fields.ts";
import { historyOf, type Turn } from "../data/playground/conversation.ts";
import { useConversation } from "../data/playground/use-conversation.ts";
import { useLive } from "../data/use-live.ts";
import { useVersions } from "../data/use-versions.ts";
import { useMayAct, useMe } from "../data/use-me.ts";
import type { Page } from "../page.ts";
import { AskForm } from "../parts/playground/ask-form.tsx";
import { SaveRow } from "../parts/playground/save-row.tsx";
import { SideChoice } from "../parts/playground/side-choice.tsx";
import { TriedAnswer } from "../parts/playground/tried-answer.tsx";
import { Empty, Loaded } from "../parts/states.tsx";

export const playgroundPage: Page = {
  path: "/flows/{flow}/playground",
  title: ({ flow = "" }) => `Playground of ${flow}`,
  tab: { label: "Playground", needs: "operator" },
  view: PlaygroundPage,
};

/** A version stays as it is, and so does what it takes. */
const RARELY = { everyMs: 600_000 };

/** Talks to any version of a flow, or to two at once. */
function PlaygroundPage({ parameters: { flow = "" } }: { parameters: Record<string, string> }) {
  const me = useMe();
  const mayTry = useMayAct("operator");
  const { query } = usePlace();
  const live = useVersions(flow);
  const versions = live.value?.known ?? [];
  const left = query.get("left") ?? live.value?.status.release?.stable?.version ?? versions[0]?.version;
  useDefaultQuery({ left });
  if (me && !mayTry) {
    return (
      <Empty title="The playground is for operators">
        Trying a version asks a model, which costs money. You are signed in as {me.roles.join(", ")}; an
        operator can give you a key with <code>flowgate key you --role operator</code>.
      </Empty>
    );
  }
  return (
    <Loaded live={live} what="the versions">
      {() =>
        left === undefined ? (
          <Empty title="There is no version to talk to yet">
            <code>flowgate push</code> makes the first.
          </Empty>
        ) : (
          <Playground flow={flow} versions={versions} left={left} right={query.get("right") ?? undefined} />
        )
      }
    </Loaded>
  );
}

function Playground({
  flow,
  versions,
  left,
  right,
}: {
  flow: string;
  versions: readonly KnownVersion[];
  left: string;
  right: string | undefined;
}) {
  const inputsOf = (version: string | undefined): string | undefined =>
    version === undefined ? undefined : flowApi(flow, "versions", version, "inputs");
  const ofLeft = useLive<VersionInputs>(inputsOf(left), RARELY);
  const ofRight = useLive<VersionInputs>(inputsOf(right), RARELY);
  const conversation = useConversation(flow);
  const { turns, isAsking } = conversation;
  const names = ofLeft.value ?? ofRight.value;
  const refused = [ofLeft.error, ofRight.error].find((error) => error?.isAnswer);
  return (
    <>
      <h1>Playground</h1>
      <div class="side-choice">
        <SideChoice side="left" label="Version" chosen={left} versions={versions} mayBeNone={false} />
        <SideChoice side="right" label="Beside it" chosen={right} versions={versions} mayBeNone />
      </div>
      {refused && (
        <p role="alert" class="note fail">
          {refused.message}
        </p>
      )}
      <p role="status" class="visually-hidden">
        {statusWords(turns, isAsking)}
      </p>
      {turns.map((turn, index) => (
        <section key={turn.id} class="turn" aria-label={`Turn ${index + 1}`}>
          <div class="asked">
            <p class="text">{turn.question}</p>
            {Object.keys(turn.inputs).length > 0 && (
              <p class="quiet small">
                {Object.entries(turn.inputs)
                  .map(([name, value]) => `${name}: ${value}`)
                  .join(" · ")}
              </p>
            )}
          </div>
          <div class={turn.answers.length > 1 ? "answers two" : "answers"}>
            {turn.answers.map((answer, side) => (
              <section
                key={side}
                class="tile"
                aria-label={`Answer ${side + 1} of turn ${index + 1}, by ${answer.version}`}
              >
                <TriedAnswer answer={answer} />
                {answer.state === "whole" && names && (
                  <SaveRow
                    flow={flow}
                    turn={turn}
                    answer={answer}
                    history={historyOf(turns.slice(0, index), side)}
                    names={names}
                  />
                )}
              </section>
            ))}
          </div>
        </section>
      ))}
      <AskForm
        fields={askedFields([ofLeft.value, ofRight.value])}
        isAsking={isAsking}
        hasTurns={turns.length > 0}
        onAsk={(question, inputs) =>
          conversation.ask(question, inputs, right === undefined ? [left] : [left, right])
        }
        onStop={conversation.stop}
        onClear={conversation.clear}
      />
    </>
  );
}

/** What a screen reader says: that it is asked, and the answers once they are whole. */
function statusWords(turns: readonly Turn[], isAsking: boolean): string {
  if (isAsking) return "Asking.";
  const answers = turns.at(-1)?.answers ?? [];
  return answers.map(({ version, text, problem }) => `${version}: ${problem ?? text}`).join(" ");
}
