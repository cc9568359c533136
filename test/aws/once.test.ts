import { once } from '../../aws/once.js';

it('reads once, however often and however early it is asked', async () => {
  let reads = 0;
  const get = once(() => Promise.resolve((reads += 1)));
  expect(await Promise.all([get(), get()])).toEqual([1, 1]);
  expect(await get()).toBe(1);
  expect(reads).toBe(1);
});

it('a read that failed is not kept', async () => {
  let reads = 0;
  const get = once(() => {
    reads += 1;
    return reads === 1 ? Promise.reject(new Error('throttled')) : Promise.resolve('whole');
  });
  await expect(get()).rejects.toThrow('throttled');
  expect(await get()).toBe('whole');
});
