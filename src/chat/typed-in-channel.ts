import type { Block, Message, Span } from './message.js';

/** The message with every command as it is typed in a channel, where only what begins with the prefix is for us. Pure. */
export function typedInChannel(message: Message, prefix: string): Message {
  const typed = (spans: readonly Span[]): readonly Span[] =>
    spans.map((span) =>
      typeof span === 'object' && 'command' in span ? { code: `${prefix} ${span.command}` } : span,
    );
  const typedBlock = (block: Block): Block => {
    switch (block.kind) {
      case 'paragraph':
        return { ...block, spans: typed(block.spans) };
      case 'list':
        return { ...block, items: block.items.map(typed) };
      case 'fields':
        return { ...block, fields: block.fields.map(({ label, value }) => ({ label, value: typed(value) })) };
      default:
        return block;
    }
  };
  return { ...message, blocks: message.blocks.map(typedBlock) };
}
