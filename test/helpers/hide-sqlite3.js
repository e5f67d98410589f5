// For node's --import: as if the optional dependency sqlite3 could not be installed.
import Module, { register } from 'node:module';

const missing = () =>
  Object.assign(new Error("Cannot find package 'sqlite3'"), { code: 'ERR_MODULE_NOT_FOUND' });

// import, as the sources and the library do
const hook = `export async function resolve(name, context, next) {
  if (name === 'sqlite3') throw (${missing.toString()})();
  return next(name, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);

// require, as the bundle does
const load = Module._load;
Module._load = (name, ...rest) => {
  if (name === 'sqlite3') throw missing();
  return load(name, ...rest);
};
