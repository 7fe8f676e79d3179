import BakeModel
import Glibc
import LedgerDatabase

/// A directory in which no copy can be made.
public enum CopyPlaceFault: ExplainedError, Hashable {
    /// It holds the copy of another store, or of another history of the same one.
    case foreign(path: String, entry: Int64)
    /// It is the store itself, or lies in it.
    case inside(path: String)

    public var doing: String { "copy the store to" }
    public var subject: String {
        switch self {
        case .foreign(let path, _), .inside(let path): path
        }
    }
    public var reason: String {
        switch self {
        case .foreign(_, let entry):
            "its entry \(entry) is not this store's: it is another store, or went another way"
        case .inside: "that is the store itself, or lies in it"
        }
    }
    public var hint: String? { "name a directory that is not there yet" }
    public var exit: ExitCode { .usage }

    /// Refuses a target that is the source, by whatever name, or lies in it.
    static func confirm(_ target: String, isOutside source: String) throws(CopyPlaceFault) {
        var path = target[...]
        // Of what is not there yet, the directory in which it will be.
        while true {
            if let real = realpath(path.isEmpty ? "/" : String(path), nil) {
                defer { free(real) }
                guard !"\(String(cString: real))/".utf8.starts(with: "\(source)/".utf8) else {
                    throw .inside(path: target)
                }
                return
            }
            guard let slash = path.lastIndex(of: "/") else { return }
            path = path[..<slash]
        }
    }
}

/// Blobs that a copy needs are damaged, or not there. The copy that was there before stays as it was.
public struct IncompleteCopy: ExplainedError, Hashable {
    let path: String
    let faults: [Digest: String]
    private static let shown = 20

    public var doing: String { "copy the store" }
    public var subject: String { path }
    public var reason: String {
        let all = faults.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        let rest = all.count > Self.shown ? "; and \(all.count - Self.shown) more" : ""
        let count = all.count == 1 ? "1 blob that it needs is" : "\(all.count) blobs that it needs are"
        return "\(count) damaged or not there: \(all.prefix(Self.shown).joined(separator: "; "))\(rest)"
    }
    public var hint: String? { "bake fsck --repair --store \(path) says which generations lack them, and the way on" }
    public var exit: ExitCode { .damaged }
}

/// The ledger of the store that is to be copied is not what was written.
struct DamagedOriginal: ExplainedError, Hashable {
    let path: String
    let finding: LedgerFinding
    var doing: String { "copy" }
    var subject: String { path }
    var reason: String { "\(finding.entry.map { "entry \($0): " } ?? "")\(finding.explanation)" }
    var hint: String? { "the copy that was there is untouched; bake audit --verify says what else is wrong" }
    var exit: ExitCode { .damaged }
}
