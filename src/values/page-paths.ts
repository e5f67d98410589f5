/** Where the pages of our listener stand below `baseUrl`: a link's, followed by `/` and its token, and where people ask for one. */
export const RESET_PATH = '/reset_password';
export const REQUEST_PATH = '/reset_password_request';
