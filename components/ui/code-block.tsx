import { CopyButton } from "./copy-button"

type CodeBlockProps = {
  /** Names the code above it: "Request". */
  title: string
  code: string
}

/** Long lines wrap under their own beginning, so that nothing scrolls sideways on a phone. */
export function CodeBlock({ title, code }: CodeBlockProps) {
  return (
    <figure className="overflow-hidden rounded-control border border-border bg-surface">
      <figcaption className="flex min-h-10 items-center justify-between gap-4 border-b border-border py-1 pr-1.5 pl-4 text-caption text-muted">
        <span className="min-w-0 wrap-anywhere">{title}</span>
        <CopyButton text={code} what={title} />
      </figcaption>
      <pre className="px-4 py-3 font-mono text-caption whitespace-pre-wrap">
        <code>
          {code.split("\n").map((line, index) => {
            const indent = line.length - line.trimStart().length + 2
            return (
              <span
                className="block wrap-anywhere"
                // biome-ignore lint/suspicious/noArrayIndexKey: Lines have no other name, and never change places.
                key={index}
                style={{ paddingLeft: `${indent}ch`, textIndent: `-${indent}ch` }}
              >
                {`${line}\n`}
              </span>
            )
          })}
        </code>
      </pre>
    </figure>
  )
}
