const ENTITIES: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&' };

/**
 * What a person typed, from what Slack made of it: `<https://x.org|x.org>` was `x.org`, `&lt;` was `<`, and `<@U1|bob>`
 * is somebody's id. Pure.
 *
 * https://docs.slack.dev/messaging/formatting-message-text#retrieving-messages
 */
export function typedText(slackText: string): string {
  return slackText
    .replace(/<([^<>|]*)(?:\|([^<>]*))?>/g, (_, target: string, label: string | undefined) =>
      typedReference(target, label),
    )
    .replace(/&(?:lt|gt|amp);/g, (entity) => ENTITIES[entity] ?? entity);
}

function typedReference(target: string, label: string | undefined): string {
  if (/^[@#]/.test(target)) return label ? `${target.charAt(0)}${label}` : target;
  if (target.startsWith('!')) return label ?? `@${target.slice(1).replace(/\^.*$/, '')}`;
  if (label === undefined || label === '') return target;
  // Slack makes links of what looks like one: then the label is all that was typed.
  return target.endsWith(label) ? label : `${label} (${target})`;
}

/** What follows the bot's mention at the beginning, or undefined where the text does not begin with it. Pure. */
export function afterMention(slackText: string, bot: string): string | undefined {
  const mention = /^\s*<@([A-Z0-9]+)(?:\|[^<>]*)?>[:,]?\s*/.exec(slackText);
  return mention?.[1] === bot ? slackText.slice(mention[0].length) : undefined;
}
