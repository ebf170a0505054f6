import type { Role } from '../src/access/role.js';
import type { Command } from '../src/chat/command.js';
import type { Registry } from '../src/chat/registry.js';
import type { Sal } from '../src/sal/sal.js';
import type { ApprovalPolicy } from '../src/runbook/approval-policy.js';
import type { JournalReader } from '../src/runner/journal.js';
import type { ReadOnlyTime } from '../src/runner/run-history.js';
import type { Runner } from '../src/runner/runner.js';
import { abort } from './abort.js';
import { approve } from './approve.js';
import type { AskableRuns } from './asked-run.js';
import { datesCommand } from './dates.js';
import { deny } from './deny.js';
import { confirmDone } from './done.js';
import { explain, type ExplainedTask } from './explain.js';
import { go } from './go.js';
import { helpCommand } from './help.js';
import { hold } from './hold.js';
import { logCommand, type LogParts } from './log.js';
import { nextCommand, type NextParts } from './next.js';
import { nogo } from './nogo.js';
import { plan } from './plan.js';
import { report } from './report.js';
import { resume } from './resume.js';
import { retry } from './retry.js';
import { runs } from './runs.js';
import { salCommand } from './sal.js';
import { skip } from './skip.js';
import { start } from './start.js';
import { type Remarks, status } from './status.js';
import { take } from './take.js';
import { whoamiCommand } from './whoami.js';
import { why, type WhyParts } from './why.js';

/** What the commands need: each takes its own part of it. */
export interface CommandParts extends NextParts, Omit<LogParts, 'sal'> {
  readonly sal: Sal;
  readonly roles: readonly Role[];
  /** Asked at each call: `help` lists the commands that it is one of. */
  readonly registry: () => Registry;
  readonly runner: Runner;
  readonly stoppedBy: WhyParts['stoppedBy'];
  readonly journal: JournalReader;
  readonly askable: AskableRuns;
  /** What skipping a task needs besides the operator's wish. */
  readonly skipPolicy: ApprovalPolicy;
  readonly explained: readonly ExplainedTask[];
  /** Read-only times that were published before there were runs here. */
  readonly published: readonly ReadOnlyTime[];
  readonly remarks: Remarks;
}

/** All commands, in the order in which they are listed. A new one is one file here and one line below. */
export function allCommands(parts: CommandParts): readonly Command<unknown>[] {
  const { runner, askable } = parts;
  return [
    helpCommand(parts.registry),
    nextCommand(parts),
    datesCommand(parts.calendar),
    plan(runner, askable),
    start(runner, askable),
    approve(runner),
    deny(runner),
    go(runner),
    nogo(runner),
    status(runner, parts.remarks),
    why(parts),
    explain(parts.explained),
    confirmDone(runner),
    retry(runner),
    skip(runner, parts.skipPolicy),
    hold(runner),
    resume(runner),
    abort(runner),
    take(runner),
    runs(runner, parts.journal),
    report(runner, parts.journal, parts.published),
    logCommand(parts),
    salCommand(parts.sal),
    whoamiCommand(parts.roles),
  ];
}
