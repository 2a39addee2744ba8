import { Code } from "@/components/ui/code"

/** A sentence from data. Text between backticks is code. */
export function Text({ children }: { children: string }) {
  // biome-ignore lint/suspicious/noArrayIndexKey: The parts of one sentence never change places.
  return children.split("`").map((part, index) => (index % 2 === 0 ? part : <Code key={index}>{part}</Code>))
}
