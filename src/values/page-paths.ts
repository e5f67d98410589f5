/** Where the pages of our listener stand below `baseUrl`: a link's, followed by `/` and its token, and where people ask for one. */
export const RESET_PATH = '/reset_password';
export const REQUEST_PATH = '/reset_password_request';
/** Where a one-time code is typed, and where its form for the new password is sent. */
export const CODE_PATH = '/reset_password_code';
export const CODE_PASSWORD_PATH = `${CODE_PATH}/password`;
