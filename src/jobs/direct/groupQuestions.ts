/** A question with its place among all that were asked. */
export type Placed<Question> = Question & { place: number }

/** The questions of each key together, so that they can share their work. */
export function groupQuestions<Question extends object>(
  questions: readonly Question[],
  keyOf: (question: Question) => readonly unknown[],
): Placed<Question>[][] {
  const groups = new Map<string, Placed<Question>[]>()
  for (const [place, question] of questions.entries()) {
    const key = keyOf(question).join(' ')
    const group = groups.get(key)
    if (group) group.push({ ...question, place })
    else groups.set(key, [{ ...question, place }])
  }
  return [...groups.values()]
}
