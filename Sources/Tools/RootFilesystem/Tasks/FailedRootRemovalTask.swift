import BakeModel
import BlobStorage
import Glibc
import LinuxSystem

/// Removes the kept roots of failed commands that nobody is in.
struct FailedRootRemovalTask: RootTask {
    static let name = "removeFailed"
    let places: [String]

    init(places: [String]) { self.places = places }

    init(_ message: TaskMessage) throws { places = try message.texts("places") }

    var message: JSON { ["places": .texts(places)] }

    func perform(in workplace: Workplace) throws -> JSON {
        for place in places { try FailedRootPlace(place).remove() }
        return .null
    }
}

/// Where the root of a failed command lies. Only in the helper.
struct FailedRootPlace {
    private let path: String
    /// What the command changed, in the overlay's own notation.
    var changes: String { "\(path)/changes" }
    /// A directory with nothing but /work in it.
    var below: String { "\(path)/below" }

    init(_ path: String) { self.path = path }

    /// Moves a failed command's directories here, in place of what lies here.
    func keep(changes upper: String, work: String) throws {
        try remove()
        try SystemError.check("make the directory", path) { mkdir(path, 0o700) }
        try SystemError.check("make the directory", below) { mkdir(below, 0o755) }
        try SystemError.check("keep", upper) { rename(upper, changes) }
        try SystemError.check("keep", work) { rename(work, "\(below)/work") }
    }

    /// Keeps it from being removed while the lock lives.
    func hold() throws(SystemError) -> FileLock { try FileLock.sharedDirectory(path) }

    /// Removes it, unless somebody holds it. Nothing there is fine.
    func remove() throws {
        let parts = path.split(separator: "/")
        guard let name = parts.last, access(path, F_OK) == 0 else { return }
        let parent = try Descriptor.open("/" + parts.dropLast().joined(separator: "/"), O_RDONLY | O_DIRECTORY)
        let own = try parent.subdirectory(Array(name.utf8))
        guard flock(own.number, LOCK_EX | LOCK_NB) == 0 else { return }
        try TreeRemoval.remove(name.utf8, in: parent)
        unlinkat(parent.number, "\(name).json", 0)
    }
}
