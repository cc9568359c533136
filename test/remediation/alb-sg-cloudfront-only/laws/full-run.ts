import { censusOf, type Share } from './census.js';

// One process of `npm run laws`, which bundles this file: tries the worlds of every share that it is sent.

process.on('message', (share: Share) => {
  void censusOf(share, 'every').then((census) => process.send?.(census));
});
