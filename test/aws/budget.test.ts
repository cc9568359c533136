import { getEventListeners } from 'node:events';
import { startBudget } from '../../aws/budget.js';

const never = (): Promise<never> => new Promise(() => {});

describe('startBudget', () => {
  test('gives back what the work gives', async () => {
    const budget = startBudget(1_000);
    await expect(budget.run('adding', () => Promise.resolve(3))).resolves.toBe(3);
    budget.end();
  });

  test('passes on what the work raises, at once or later', async () => {
    const budget = startBudget(1_000);
    const error = new RangeError('no');
    await expect(budget.run('failing', () => Promise.reject(error))).rejects.toBe(error);
    await expect(
      budget.run('failing', () => {
        throw error;
      }),
    ).rejects.toBe(error);
    budget.end();
  });

  test('ends work that lasts longer, naming it and the time it had', async () => {
    const budget = startBudget(20.4);
    await expect(budget.run('reading load balancers', never)).rejects.toMatchObject({
      code: 'E2005',
      detail: 'the time ran out while reading load balancers; allowed: 20 ms for the whole run',
    });
    expect(budget.signal.aborted).toBe(true);
  });

  test('starts no work once the time is over', async () => {
    const budget = startBudget(1);
    await expect(budget.run('waiting', never)).rejects.toMatchObject({ code: 'E2005' });
    const work = jest.fn();
    await expect(budget.run('working', work)).rejects.toMatchObject({ code: 'E2005' });
    expect(work).not.toHaveBeenCalled();
  });

  test.each([0, -5])('a budget of %d is over as soon as anything waits', async (milliseconds) => {
    await expect(startBudget(milliseconds).run('waiting', never)).rejects.toMatchObject({ code: 'E2005' });
  });

  test.each([Infinity, 2 ** 31])('a budget of %d does not end at once', async (milliseconds) => {
    const budget = startBudget(milliseconds);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(budget.signal.aborted).toBe(false);
    budget.end();
  });

  test('ends what is still under way when it is let go: nothing of it may reach the next run', async () => {
    const budget = startBudget(1_000);
    const waiting = budget.run('waiting', () => new Promise<never>(() => undefined));
    budget.end();
    await expect(waiting).rejects.toMatchObject({ code: 'E2005' });
    expect(budget.signal.aborted).toBe(true);
  });

  test('keeps nothing of work that is done', async () => {
    const budget = startBudget(1_000);
    await budget.run('working', () => Promise.resolve());
    await expect(budget.run('failing', () => Promise.reject(new Error('no')))).rejects.toThrow();
    expect(getEventListeners(budget.signal, 'abort')).toEqual([]);
    budget.end();
  });
});
