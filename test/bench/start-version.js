import { bin, compareStart } from './measure.js';

export const title = 'reset --version, as a multiple of node -e 0';
export const limit = { most: 1.1 };
export const measure = () => compareStart([bin, '--version']);
