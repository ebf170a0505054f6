/** What to do about an error of Slack's, for the person who is told of it. */
const HINTS: Readonly<Record<string, string>> = {
  invalid_auth:
    'the token is wrong or was revoked: put the current one where the configuration reads it from',
  not_authed: 'there is no token: see connections.slack in the configuration',
  account_inactive: 'the token belongs to an app or a user that was removed: install the app again',
  token_revoked: 'the token was revoked: install the app again and put in the new one',
  token_expired: 'the token has expired: switch token rotation off, or put in a new one',
  not_allowed_token_type:
    'the tokens may be mixed up: the bot token begins with xoxb-, the app token with xapp-',
  missing_scope: 'the app lacks a scope: compare it with docs/slack-app-manifest.yaml and install it again',
  no_permission: 'the app lacks a permission: compare it with docs/slack-app-manifest.yaml',
  not_in_channel: 'invite the bot to the channel',
  channel_not_found: 'the id of the channel is wrong, or the bot was not invited to it',
  is_archived: 'the channel is archived',
  link_disabled: 'Socket Mode was switched off in the settings of the app',
  team_access_not_granted: 'the app is not installed in this workspace',
  org_login_required: 'the workspace is being moved by Slack: wait',
};

/** `: invite the bot …`, or nothing. Pure. */
export function hintFor(code: string): string {
  const hint = HINTS[code];
  return hint === undefined ? '' : ` (${hint})`;
}
