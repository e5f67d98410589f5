import { deliveryError, type SendResult } from '../../flows/send-reset.ts';
import type { Command } from '../context.ts';
import type { IdentifierOptions } from '../identifier.ts';
import { identifierFrom } from '../identifier.ts';
import { withApp } from '../open-app.ts';

interface SendOptions extends IdentifierOptions {
  readonly force?: boolean;
  readonly ticket?: string;
}

/** `reset send`: one recipient, whose mail's fate is waited for. */
export const send: Command<SendOptions> = (context, emails, { force = false, ticket, ...named }) => {
  const identifier = identifierFrom(emails, named);
  const require = ['database', 'baseUrl', 'secret', 'mail.url', 'mail.from'] as const;
  return withApp(context, { require }, async ({ reset }) => {
    const result = await reset.send({ ...identifier, force, ticket });
    context.output.result(result, toText(result), result.status === 'sent' ? 'ok' : 'bad');
    const error = deliveryError(result);
    if (error) throw error;
    return 0;
  });
};

function toText({ email, status, expiresAt, reply, requestId }: SendResult): string {
  const until = expiresAt === undefined ? '' : `, link good until ${expiresAt}`;
  const said = reply === undefined ? '' : `\n  mail server: ${reply}`;
  return `${status} to ${email}${status === 'sent' ? until : ''}${said}\n  request ${requestId}`;
}
