import type { Mistake } from '../mistake.js';
import type { IncomingMessage } from '../platform.js';
import { type Practice, speakAs } from '../practice-voice.js';

type Sender = NonNullable<IncomingMessage['sender']>;

/** Who speaks at this terminal: the unix user, or somebody spoken for. */
export interface Voice {
  name(): string;
  identity(): Sender;
  /** Whether somebody is spoken for: every such line is marked. */
  practising(): boolean;
  /** What stands before the line that is typed: `[PRACTICE] bob> `. */
  label(): string;
  /** Speaks for somebody from now on, or says why not. */
  speakFor(name: string): Mistake | undefined;
  /** Speaks as oneself again. */
  speakAsOneself(): void;
}

export function openVoice(unixUser: string, calledHere: string, practice: Practice): Voice {
  const oneself: Sender = { kind: 'unix', user: unixUser };
  let identity: Sender = oneself;
  const name = (): string => (identity.kind === 'practice' ? identity.name : calledHere);
  const practising = (): boolean => identity.kind === 'practice';
  return {
    name,
    practising,
    identity: () => identity,
    label: () => `${practising() ? '[PRACTICE] ' : ''}${name()}> `,
    speakFor(wanted) {
      const spoken = speakAs(wanted, practice);
      if ('mistake' in spoken) return spoken.mistake;
      identity = spoken.identity;
      return undefined;
    },
    speakAsOneself() {
      identity = oneself;
    },
  };
}
