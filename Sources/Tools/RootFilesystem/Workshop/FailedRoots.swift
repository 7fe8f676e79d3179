import BakeModel
import BlobStorage
import Glibc
import LinuxSystem

/// The root of a command that failed, with what it had changed, and its /work: kept for a person to look into.
public struct FailedRoot: Sendable {
    /// The layers below what the command changed.
    let layers: [Layer]
    /// The directory with what it changed and with its /work.
    let place: String
    /// What failed.
    public let program: SandboxProgram
}

/// The roots of failed commands in the store's cache: at most one under each name, each for the user who ran the command.
///
/// They are directories of the overlay that failed, moved and not copied. Only the helper, which has the ids that own
/// them, can look into them.
struct FailedRoots {
    private let directory: String
    private static let recordLimit = 16 << 20

    init(store: BlobStore) { directory = "\(store.cache)/failed/\(geteuid())" }

    /// Where the root of that name lies, or would lie.
    func place(of name: String) -> String { "\(directory)/\(name)" }
    private func record(of name: String) -> String { "\(directory)/\(name).json" }

    /// Makes the directory that holds them all.
    func prepare() throws(SystemError) {
        let all = DurableFile.parent(of: directory)
        try DurableFile.makeDirectories(all, mode: 0o700, sharing: .around(all))
        try DurableFile.makeDirectories(directory, mode: 0o700)
    }

    /// Writes down what belongs to a directory that the helper left. Where an older one was in use, the helper left it.
    func adopt(_ name: String, _ request: RunRequest) throws {
        guard access(place(of: name), F_OK) == 0, access(record(of: name), F_OK) != 0 else { return }
        let json: JSON = ["layers": .array(request.layers.map(\.json)), "program": request.program.message]
        try DurableFile.replace(record(of: name), with: json.canonicalBytes)
    }

    /// The root of that name; nil where none is kept.
    func find(_ name: String) throws -> FailedRoot? {
        guard access(place(of: name), F_OK) == 0,
            let bytes = try? DurableFile.read(record(of: name), limit: Self.recordLimit)
        else { return nil }
        let message = TaskMessage(try JSON(parsing: bytes))
        return FailedRoot(
            layers: try message.layers("layers"), place: place(of: name),
            program: try message.value("program", SandboxProgram.init(message:)))
    }

    /// The names of all that are kept, in order.
    var names: [String] {
        guard let parent = try? Descriptor.open(directory, O_RDONLY | O_DIRECTORY),
            let names = try? parent.sortedNames()
        else { return [] }
        return names.map { String(decoding: $0, as: UTF8.self) }.filter { !$0.hasSuffix(".json") }
    }
}

extension RootWorkshop {
    /// The root of a command that failed under that name; nil where none is kept.
    public func failedRoot(_ name: String) throws -> FailedRoot? { try FailedRoots(store: store).find(name) }

    /// The names of the roots that are kept for this user.
    public var failedRoots: [String] { FailedRoots(store: store).names }

    /// Removes roots of failed commands. One that somebody is in stays.
    /// - Parameter selects: whether the root of a name goes.
    public func removeFailedRoots(where selects: (String) -> Bool) throws {
        let roots = FailedRoots(store: store)
        let places = roots.names.filter(selects).map(roots.place)
        // Most bakes find nothing to do, and start no helper for it.
        if !places.isEmpty { try remove(failed: places) }
    }
}
