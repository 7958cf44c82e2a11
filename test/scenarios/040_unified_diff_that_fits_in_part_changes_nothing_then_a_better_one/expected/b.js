import { a } from './a.js';

run(a + 1);
