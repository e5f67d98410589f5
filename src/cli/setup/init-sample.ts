import type { App } from '../../app.ts';
import { describeLearnt, linkSettings } from '../../flows/native/describe-learnt.ts';
import { learnLink } from '../../flows/native/learn-link.ts';
import { writeLinkSettings } from '../../flows/setup/write-link-settings.ts';
import type { Context } from '../command/context.ts';
import { withApp } from '../command/open-app.ts';
import { programName } from '../../values/program-name.ts';

/** Where links begin, as a link that the application has mailed says. */
export const originOf = (sample: string | undefined): string | undefined =>
  sample !== undefined && URL.canParse(sample) ? new URL(sample).origin : undefined;

/** Learn the form of a link, if one was given, and write it into the config file. Throws token_invalid when the form cannot be determined. */
export async function learnSample(
  { output }: Context,
  app: App,
  sample: string | undefined,
): Promise<object> {
  if (sample === undefined) return {};
  const learnt = await learnLink(app, sample);
  const link = linkSettings(app.config, learnt);
  const says = describeLearnt(learnt);
  const { file } = app.config;
  if (file !== undefined) await writeLinkSettings(file, link);
  output.info(says);
  const origin = originOf(sample) ?? '';
  const { baseUrl } = app.config;
  if (baseUrl !== undefined && !sample.startsWith(`${baseUrl}/`))
    output.warn(
      `This link begins with ${origin}, and baseUrl is ${baseUrl}: set baseUrl to the application's address.`,
    );
  return { link, says };
}

/** `init --sample-link` where there is a config file: only its `link` is written. */
export async function addSample(context: Context, sample: string): Promise<number> {
  const learnt = await withApp(context, { needed: ['database'], isSetup: true }, ({ app }) =>
    learnSample(context, app, sample),
  );
  context.output.result(
    learnt,
    [
      'The config file now has the form of these links. Next:',
      `  ${programName} link --native you@example.com --app-secret-file FILE`,
    ],
    'ok',
  );
  return 0;
}
