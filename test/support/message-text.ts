import { type Block, type Message, spanText } from '../../src/chat/message.js';

/** The words of a message, for tests that do not care how a chat shows them. */
export const messageText = (message: Message): string => message.blocks.map(blockText).join(' ');

function blockText(block: Block): string {
  if (block.kind === 'paragraph') return spanText(block.spans);
  return block.kind === 'list' ? block.items.map(spanText).join('; ') : JSON.stringify(block);
}
