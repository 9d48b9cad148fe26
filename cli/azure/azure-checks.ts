import { check, type Check } from "../check.ts";
import type { Deployment } from "./deployment.ts";
import { lookAtAnswers } from "./look-at-answers.ts";
import { lookAtApps } from "./look-at-apps.ts";
import { lookAtEvents } from "./look-at-events.ts";
import { lookAtModels } from "./look-at-models.ts";
import { lookAtIdentities, lookAtRoles } from "./look-at-roles.ts";
import { lookAtTelemetry } from "./look-at-telemetry.ts";

/** Looks at what only a real deployment shows (docs/deploy.md). Never throws: what fails is a finding. */
export function azureChecks(deployment: Deployment, now: Date): Promise<Check[]> {
  return Promise.all([
    check("identities", "Run `azd provision`.", () => lookAtIdentities(deployment)),
    check("roles", "Run `azd provision`; Azure takes up to ten minutes until a role is felt.", () =>
      lookAtRoles(deployment),
    ),
    check(
      "apps",
      "Run `azd deploy`. Where storage is not reached: wait ten minutes for its roles, then `az functionapp restart`.",
      () => lookAtApps(deployment),
    ),
    check(
      "events",
      "Push a flow, wait five minutes and look again; see the container dead-letters and docs/operate.md, undelivered.",
      () => lookAtEvents(deployment, now),
    ),
    check(
      "telemetry",
      "Wait ten minutes after a deployment; then see the app's log for a 401 or 403: its role Monitoring Metrics Publisher.",
      () => lookAtTelemetry(deployment),
    ),
    check(
      "models",
      "Set FLOWGATE_MODEL and the like to deployments that exist, raise their capacity, or choose other models, and run `azd provision` (docs/deploy.md, models).",
      () => lookAtModels(deployment, now),
    ),
    check(
      "answers",
      'Wait ten minutes after a deployment. Who did not deploy needs the role "Cognitive Services OpenAI User" on the account; with an isolated network ask from within.',
      () => lookAtAnswers(deployment),
    ),
  ]);
}
