import type { App } from '../../app.ts';
import type { ReadMail } from '../../mail/read-mail.ts';
import type { ApplicationFormats } from '../passwords/application-formats.ts';
import type { Canary } from './canary.ts';

/** What a run needs besides the application. */
export interface Walk {
  readonly app: App;
  readonly canary: Canary;
  readonly formats: ApplicationFormats;
  /** where the pages answer */
  readonly pages: string;
  /** `--url`: links must begin with it, because that is where people will click */
  readonly isDeployed: boolean;
  /** waits for the mail with this Message-ID; undefined: nobody can look into the mailbox of the deployed one */
  readonly receive: (messageId: string) => Promise<ReadMail>;
  readonly canSeeNotice: boolean;
  readonly hasOwnMailServer: boolean;
  readonly timeoutMs: number;
}
