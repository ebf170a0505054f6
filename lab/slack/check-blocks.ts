/**
 * What Slack refuses in the blocks of a message, as documented in the reference of Block Kit, and the limit of all text
 * together that is not documented. Undefined where nothing is against them.
 */
export type BlockProblem =
  'invalid_blocks' | 'invalid_blocks_format' | 'msg_blocks_too_long' | 'msg_too_long';

type Thing = Readonly<Record<string, unknown>>;

export const BLOCK_LIMITS = { blocks: 50, sectionText: 3_000, allText: 13_000, text: 40_000 } as const;

export interface Refused {
  readonly problem: BlockProblem;
  readonly because: string;
}

export function checkText(text: string): Refused | undefined {
  return text.length > BLOCK_LIMITS.text
    ? { problem: 'msg_too_long', because: `${text.length} characters` }
    : undefined;
}

export function checkBlocks(blocks: unknown): Refused | undefined {
  if (!Array.isArray(blocks)) return { problem: 'invalid_blocks_format', because: 'no array' };
  const refusals: string[] = [];
  const say = (because: string): void => void refusals.push(because);
  if (blocks.length > BLOCK_LIMITS.blocks) say(`${blocks.length} blocks`);
  const blockIds = new Set<string>();
  for (const block of blocks as unknown[]) {
    if (!isThing(block)) say('a block is no object');
    else checkBlock(block, blockIds, say);
  }
  if (refusals.length > 0) return { problem: 'invalid_blocks', because: refusals.join('; ') };
  const all = lengthOfText(blocks);
  return all > BLOCK_LIMITS.allText
    ? { problem: 'msg_blocks_too_long', because: `${all} characters in all blocks` }
    : undefined;
}

type Say = (because: string) => void;

function checkBlock(block: Thing, blockIds: Set<string>, say: Say): void {
  const { type, block_id: blockId } = block;
  if (blockId !== undefined) {
    if (typeof blockId !== 'string' || blockId.length > 255) say('block_id');
    else if (blockIds.has(blockId)) say(`block_id ${blockId} twice`);
    else blockIds.add(blockId);
  }
  if (type === 'rich_text') {
    known(block, ['type', 'block_id', 'elements'], say);
    for (const element of list(block['elements'], 'rich_text elements', say)) checkRichText(element, say);
    // Slack documents no limit for these; they are held to the one of a section.
    const length = lengthOfText(block);
    if (length > BLOCK_LIMITS.sectionText) say(`${length} characters of rich text in a block`);
  } else if (type === 'section') {
    known(block, ['type', 'block_id', 'text', 'fields', 'accessory', 'expand'], say);
    checkTextObject(block['text'], ['mrkdwn', 'plain_text'], BLOCK_LIMITS.sectionText, say);
  } else if (type === 'context') {
    known(block, ['type', 'block_id', 'elements'], say);
    const elements = list(block['elements'], 'context elements', say);
    if (elements.length > 10) say('more than 10 elements in a context');
    for (const element of elements) checkTextObject(element, ['mrkdwn', 'plain_text'], 3_000, say);
  } else if (type === 'header') {
    checkTextObject(block['text'], ['plain_text'], 150, say);
  } else if (type === 'actions') {
    known(block, ['type', 'block_id', 'elements'], say);
    const elements = list(block['elements'], 'actions', say);
    if (elements.length > 25) say('more than 25 actions');
    const ids = new Set<unknown>();
    for (const element of elements) {
      checkButton(element, say);
      if (ids.has(element['action_id'])) say('action_id twice in a block');
      ids.add(element['action_id']);
    }
  } else if (type !== 'divider') say(`unsupported type of block: ${String(type)}`);
}

function checkButton(button: Thing, say: Say): void {
  known(
    button,
    ['type', 'text', 'action_id', 'value', 'url', 'style', 'confirm', 'accessibility_label'],
    say,
  );
  if (button['type'] !== 'button') say('an action that is no button');
  checkTextObject(button['text'], ['plain_text'], 75, say);
  const { action_id: id, value, style } = button;
  if (typeof id !== 'string' || id === '' || id.length > 255) say('action_id');
  if (value !== undefined && (typeof value !== 'string' || value.length > 2_000)) say('value of a button');
  if (style !== undefined && style !== 'primary' && style !== 'danger') say('style of a button');
}

function checkRichText(element: Thing, say: Say): void {
  const { type, elements } = element;
  if (type === 'rich_text_list') {
    known(element, ['type', 'style', 'elements', 'indent', 'offset', 'border'], say);
    if (element['style'] !== 'bullet' && element['style'] !== 'ordered') say('style of a list');
    for (const item of list(elements, 'items of a list', say)) {
      if (item['type'] !== 'rich_text_section') say('an item that is no section');
      checkRichText(item, say);
    }
  } else if (
    type === 'rich_text_section' ||
    type === 'rich_text_quote' ||
    type === 'rich_text_preformatted'
  ) {
    known(element, ['type', 'elements', 'border'], say);
    const parts = list(elements, `elements of ${type}`, say);
    for (const part of parts) {
      checkInline(part, say);
      if (type === 'rich_text_preformatted' && part['type'] !== 'text' && part['type'] !== 'link')
        say('only texts and links are preformatted');
    }
  } else say(`unsupported type in rich_text: ${String(type)}`);
}

function checkInline(part: Thing, say: Say): void {
  const { type, text, url, style } = part;
  if (style !== undefined) {
    if (isThing(style)) known(style, ['bold', 'italic', 'strike', 'code'], say);
    else say('style');
  }
  if (type === 'text') {
    known(part, ['type', 'text', 'style'], say);
    if (typeof text !== 'string' || text === '') say('a text of no characters');
  } else if (type === 'link') {
    known(part, ['type', 'url', 'text', 'style', 'unsafe'], say);
    if (typeof url !== 'string' || !/^(https?|mailto):/.test(url) || url.length > 3_000) say('url of a link');
    if (text !== undefined && (typeof text !== 'string' || text === '')) say('text of a link');
  } else if (type === 'user') {
    known(part, ['type', 'user_id', 'style'], say);
    if (typeof part['user_id'] !== 'string' || !/^[UW][A-Z0-9]+$/.test(part['user_id'])) say('user_id');
  } else if (type === 'broadcast') {
    known(part, ['type', 'range', 'style'], say);
  } else say(`unsupported element: ${String(type)}`);
}

function checkTextObject(text: unknown, types: readonly string[], most: number, say: Say): void {
  if (!isThing(text)) {
    say('a text is missing');
    return;
  }
  known(text, ['type', 'text', 'emoji', 'verbatim'], say);
  if (typeof text['type'] !== 'string' || !types.includes(text['type']))
    say(`type of a text: ${String(text['type'])}`);
  const content = text['text'];
  if (typeof content !== 'string' || content.length === 0) say('a text of no characters');
  else if (content.length > most) say(`a text of ${content.length} characters where ${most} are allowed`);
}

function list(value: unknown, what: string, say: Say): readonly Thing[] {
  if (!Array.isArray(value) || value.length === 0) {
    say(`no ${what}`);
    return [];
  }
  const things = (value as unknown[]).filter(isThing);
  if (things.length < value.length) say(`${what}: something that is no object`);
  return things;
}

function known(thing: Thing, keys: readonly string[], say: Say): void {
  for (const key of Object.keys(thing)) if (!keys.includes(key)) say(`unknown field ${key}`);
}

function isThing(value: unknown): value is Thing {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Of all that is shown: texts, and addresses of links. */
function lengthOfText(value: unknown): number {
  if (Array.isArray(value))
    return (value as unknown[]).reduce<number>((sum, one) => sum + lengthOfText(one), 0);
  if (!isThing(value)) return 0;
  return Object.entries(value).reduce(
    (sum, [key, one]) =>
      sum +
      (typeof one === 'string' ? (key === 'text' || key === 'url' ? one.length : 0) : lengthOfText(one)),
    0,
  );
}
