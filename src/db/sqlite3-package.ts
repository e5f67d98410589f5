/** The package if it is installed. Imported here, the bundle requires it, and Node's loader of modules is not started. */
export { default } from 'sqlite3';
