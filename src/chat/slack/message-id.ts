/** A message in its channel: its time stamp, with that of its thread where it is in one. `17.1` or `17.1/18.4`. */
export interface MessageId {
  readonly ts: string;
  readonly thread: string | undefined;
}

export function messageIdText({ ts, thread }: MessageId): string {
  return thread === undefined ? ts : `${thread}/${ts}`;
}

export function parseMessageId(id: string): MessageId {
  const [first = '', second] = id.split('/');
  return second === undefined ? { ts: first, thread: undefined } : { ts: second, thread: first };
}
