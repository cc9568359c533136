import { compareText } from '../../core/fact.js';
import { normalizeDomain } from '../../core/model/domain-name.js';
import type { NameAnswer, NameResolver } from '../../core/ports.js';
import type { Resolution } from '../../wire/names.js';

/** The same resolver, which hands every answer on in the form in which it is saved, each name once. */
export function recordingResolver(resolver: NameResolver, keep: (resolution: Resolution) => void): NameResolver {
  const kept = new Set<string>();
  return {
    resolve: async (given) => {
      const answer = await resolver.resolve(given);
      const name = normalizeDomain(given);
      if (!kept.has(name)) {
        kept.add(name);
        keep(toResolution(name, answer));
      }
      return answer;
    },
  };
}

/** The saved form of an answer; reading it back gives the same answer. */
export function toResolution(name: string, answer: NameAnswer): Resolution {
  switch (answer.kind) {
    case 'no-such-name':
      return { name, status: 'no-such-name' };
    case 'unanswered':
      return { name, status: 'unanswered', why: answer.why };
    case 'answered': {
      const found = { cnames: [...answer.names], addresses: [...answer.addresses] };
      return answer.failure === null
        ? { name, status: 'answered', ...found }
        : { name, status: 'failed', ...found, failure: answer.failure };
    }
  }
}

/** Keeps the answers of a resolver until they are saved. */
export function keepResolutions(): {
  readonly wrap: (resolver: NameResolver) => NameResolver;
  /** The answers so far, by name. */
  readonly resolutions: () => readonly Resolution[];
} {
  const kept: Resolution[] = [];
  return {
    wrap: (resolver) =>
      recordingResolver(resolver, (resolution) => {
        kept.push(resolution);
      }),
    resolutions: () => [...kept].sort((a, b) => compareText(a.name, b.name)),
  };
}
