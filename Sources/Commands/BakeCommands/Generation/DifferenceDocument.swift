import BakeModel
import BakePipeline
import ImageComparison

/// A comparison as a document, `bake/diff/1`.
struct DifferenceDocument {
    let difference: GenerationDifference

    var json: JSON {
        .record([
            "schema": "bake/diff/1", "different": .bool(difference.isDifferent),
            "from": Self.side(difference.old), "to": Self.side(difference.new),
            "commits": difference.commits.map { .array($0.added.map(\.json)) } ?? .null,
            "commits-removed": difference.commits.map { .array($0.removed.map(\.json)) } ?? .null,
            "packages": .array(difference.root.packages.map(Self.package)),
            "files": .array(difference.root.files.map(Self.file)),
            "config": .array(difference.settings.map(Self.setting)),
            "layers": difference.layerBytes.map {
                ["shared-bytes": .number(Int64(clamping: $0.shared)), "new-bytes": .number(Int64(clamping: $0.new))]
            },
        ])
    }

    private static func side(_ side: ComparisonSide) -> JSON {
        .record([
            "name": .string(side.title), "image": side.image.map { .string($0.manifest.description) },
            "size": side.image.map { .number(Int64(clamping: $0.size)) }, "commit": side.record?.commit.json,
            "verdict": side.record?.verdict?.json,
        ])
    }

    private static func package(_ change: PackageChange) -> JSON {
        .record([
            "name": .string(change.name), "before": change.before.map(JSON.string),
            "after": change.after.map(JSON.string),
        ])
    }

    static func setting(_ change: SettingChange) -> JSON {
        .record(["name": .string(change.name), "before": change.before, "after": change.after])
    }

    private static func file(_ change: FileChange) -> JSON {
        .record([
            "path": .string("/\(change.path)"),
            "change": .string(change.before == nil ? "added" : change.after == nil ? "removed" : "changed"),
            "aspects": .array(change.aspects.map { .string($0.rawValue) }), "before": change.before.map(entry),
            "after": change.after.map(entry),
            "lines": change.text.map { ["added": .number(Int64($0.added)), "removed": .number(Int64($0.removed))] },
        ])
    }

    private static func entry(_ entry: IndexedEntry) -> JSON {
        .record([
            "kind": .string(entry.entry.kind.name), "mode": .number(Int64(entry.entry.mode)),
            "user": .number(Int64(entry.entry.owner.user)), "group": .number(Int64(entry.entry.owner.group)),
            "size": entry.content == nil ? nil : .number(Int64(clamping: entry.size)),
            "digest": entry.content.map { .string($0.description) },
            "target": entry.entry.kind.linkTarget.map { .string(String(decoding: $0, as: UTF8.self)) },
            "layer": .number(Int64(entry.layer)),
        ])
    }
}
