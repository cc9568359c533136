import { once, onceEach } from '../../aws/once.js';

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

it('each question is read once, and one that failed is asked again', async () => {
  const asked: string[] = [];
  const get = onceEach(
    (vpc: string, at: { readonly region: string }) => `${at.region} ${vpc}`,
    (vpc, { region }) => {
      asked.push(`${region} ${vpc}`);
      return asked.length === 1 ? Promise.reject(new Error('throttled')) : Promise.resolve(asked.length);
    },
  );
  await expect(get('a', { region: 'x' })).rejects.toThrow('throttled');
  expect([await get('a', { region: 'x' }), await get('a', { region: 'x' }), await get('a', { region: 'y' })]).toEqual([
    2, 2, 3,
  ]);
  expect(asked).toEqual(['x a', 'x a', 'y a']);
});
