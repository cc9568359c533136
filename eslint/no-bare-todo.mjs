const MARK = /\b(TODO|FIXME)\b(?!\s*\(?#\d+)/;

/** A note to finish later names its issue: `TODO(#12)`. */
export const noBareTodo = {
  meta: { type: 'suggestion', schema: [], messages: { bare: 'give the {{word}} an issue number: {{word}}(#12)' } },
  create: (context) => ({
    Program() {
      for (const comment of context.sourceCode.getAllComments()) {
        const word = MARK.exec(comment.value)?.[1];
        if (word !== undefined) context.report({ loc: comment.loc, messageId: 'bare', data: { word } });
      }
    },
  }),
};
