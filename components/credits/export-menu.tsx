import {
  PrepareExportButton,
  type PrepareExportButtonProps,
} from "@/components/credits/prepare-export-button"
import { buttonStyles } from "@/components/ui/button-styles"
import { Icon } from "@/components/ui/icon"

type ExportMenuProps = {
  /** How many rows that takes: `About 12,300 transactions`. */
  size: string
  files: { name: string; detail: string; query: string }[]
  /** The address of a file before its query. */
  filePath: string
  /** How a large one is asked for. Null for one that comes at once. */
  large: Pick<PrepareExportButtonProps, "prepare" | "path"> | null
}

/** Says what is exported before one chooses a format. A plain disclosure, so that it opens without JavaScript. */
export function ExportMenu({ size, files, filePath, large }: ExportMenuProps) {
  return (
    <details className="group relative shrink-0">
      <summary
        className={buttonStyles(
          "secondary",
          "medium",
          "cursor-pointer list-none [&::-webkit-details-marker]:hidden",
        )}
      >
        Export
        <Icon className="text-muted group-open:rotate-180" name="expand" />
      </summary>
      <div className="absolute top-full right-0 z-30 mt-2 w-72 max-w-[calc(100vw-2rem)] rounded-card border border-border bg-surface p-2">
        <p className="px-3 pt-2 pb-1 text-caption text-muted">
          {size}
          {large && ". We’ll email you a link when the file is ready."}
        </p>
        <ul>
          {files.map(({ name, detail, query }) => (
            <li key={query}>
              {large ? (
                <PrepareExportButton {...large} detail={detail} name={name} query={query} />
              ) : (
                <a
                  className="block rounded-control px-3 py-2 hover:bg-sunken"
                  download
                  href={`${filePath}?${query}`}
                >
                  <span className="block font-medium">{name}</span>
                  <span className="block text-caption text-muted">{detail}</span>
                </a>
              )}
            </li>
          ))}
        </ul>
      </div>
    </details>
  )
}
