import BakeModel
import Glibc
import LinuxSystem

/// What is known of the index that bake wrote last: which entry of the ledger it reflects, and where its parts lie.
///
/// Kept in the cache, and believed only as long as the file is the very one that was written. Without it the index is
/// made again from everything.
struct IndexMark: Hashable {
    /// The latest entry that the index reflects.
    let entry: Int64
    /// The bytes before this are for ever: other tools' names and the names that stay.
    let lastingEnd: Int64
    /// The bytes before this are the names that move; behind it the document ends.
    let movingEnd: Int64
    /// The file, as stat(2) tells it from every other.
    let file: String

    /// What stat(2) says of a file; nil where it cannot be looked at.
    static func identity(of path: String) -> String? {
        var status = stat()
        guard lstat(path, &status) == 0, status.isRegularFile else { return nil }
        return "\(status.st_ino) \(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
    }

    var json: JSON {
        [
            "entry": .number(entry), "lasting": .number(lastingEnd), "moving": .number(movingEnd),
            "file": .string(file),
        ]
    }
}

extension IndexMark {
    /// Reads what `json` wrote; nil for everything else.
    init?(_ json: JSON) {
        guard let entry = json["entry"]?.number, let lasting = json["lasting"]?.number,
            let moving = json["moving"]?.number, let file = json["file"]?.string, 0 < lasting, lasting <= moving
        else { return nil }
        self.init(entry: entry, lastingEnd: lasting, movingEnd: moving, file: file)
    }
}

extension BlobStore {
    private var markPath: String { "\(cache)/index" }

    /// The latest entry of the ledger that the index reflects; nil where another tool wrote it since.
    public var indexedEntry: Int64? { indexMark()?.entry }

    /// The mark of the index that lies there now; nil where there is none, or another tool wrote since.
    func indexMark() -> IndexMark? {
        guard let bytes = try? DurableFile.read(markPath, limit: 4096), let json = try? JSON(parsing: bytes),
            let mark = IndexMark(json), mark.file == IndexMark.identity(of: index)
        else { return nil }
        return mark
    }

    /// Notes what was just written. A mark that cannot be written, or does not survive, costs time and nothing else.
    func note(entry: Int64, lastingEnd: Int64, movingEnd: Int64) {
        guard let file = IndexMark.identity(of: index),
            let temporary = try? TemporaryFile(in: temporary, sharing: sharing)
        else { return }
        let mark = IndexMark(entry: entry, lastingEnd: lastingEnd, movingEnd: movingEnd, file: file)
        guard (try? temporary.file.write(mark.json.canonicalBytes)) != nil else { return }
        rename(temporary.path, markPath)
    }
}
