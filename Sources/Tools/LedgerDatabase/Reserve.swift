import BakeModel
import Glibc
import LinuxSystem

/// A file that holds some space, to be given up when the file system is full: a ledger in SQLite's write-ahead mode
/// cannot even be read then.
public struct Reserve: Sendable {
    /// The file.
    public let path: String
    /// How many bytes it holds.
    public static let size: Int64 = 1 << 20

    /// Names the file.
    public init(path: String) { self.path = path }

    /// Whether the space is held, all of it.
    public var isHeld: Bool { heldBytes >= Self.size }

    // Blocks of 512 bytes: a sparse file of the right length holds nothing.
    private var heldBytes: Int64 {
        var status = stat()
        return lstat(path, &status) == 0 ? Int64(status.st_blocks) * 512 : 0
    }

    /// Takes the space, on the disk when this returns. Harmless where it is held already.
    /// - Throws: `SystemError`, ENOSPC where there is not enough; what was held before stays.
    public func restore() throws {
        if !isHeld { try take(Self.size) }
    }

    /// Takes as much of the space as there is, so that another urgent act finds some, too.
    /// - Throws: `SystemError`, ENOSPC where there is next to none.
    public func restoreWhatFits() throws {
        let held = heldBytes
        guard held < Self.size else { return }
        let steps = (1...Self.size / Self.step).reversed().map { $0 * Self.step }.filter { $0 > held }
        for size in steps.dropLast() where (try? take(size)) != nil { return }
        if let least = steps.last { try take(least) }
    }

    /// Opens the file, or makes it: whoever shares the store may have to give it up.
    private func open() throws(SystemError) -> Descriptor {
        do throws(SystemError) { return try Descriptor.open(path, O_RDWR | O_NOFOLLOW) } catch {
            guard error.number == ENOENT else { throw error }
        }
        let file = try Descriptor.open(path, O_RDWR | O_CREAT | O_NOFOLLOW, mode: 0o600)
        try Sharing.around(path).settle(file, mode: 0o600)
        return file
    }

    private static let step: Int64 = 64 << 10

    private func take(_ size: Int64) throws {
        let file = try open()
        let held = try file.status().st_size
        let number = posix_fallocate(file.number, 0, off_t(size))
        guard number == 0 else {
            // A part that was held before stays.
            ftruncate(file.number, held)
            throw SystemError("reserve space in", path, number: number)
        }
        try file.synchronize()
        try DurableFile.synchronizeDirectory(of: path)
    }

    /// Frees the space where its file system has no room for as much again. Harmless where nothing is held.
    public func giveUpWhereFull() throws {
        guard heldBytes > 0, !hasRoomBeside else { return }
        try giveUp()
    }

    /// Whether as much could be had now. Asking for it meets quotas too, which statvfs(3) does not know.
    private var hasRoomBeside: Bool {
        let directory = path.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" }
        // O_TMPFILE, which Glibc does not import: the file has no name, so nothing is left of it.
        guard let probe = try? Descriptor.open(directory, O_WRONLY | O_DIRECTORY | 0o20_000_000, mode: 0o600) else {
            return false
        }
        return posix_fallocate(probe.number, 0, off_t(Self.size)) == 0
    }

    /// Frees the space. Needs none itself: the name stays.
    public func giveUp() throws {
        let file = try Descriptor.open(path, O_RDWR | O_NOFOLLOW)
        try SystemError.check("free the space of", path) { ftruncate(file.number, 0) }
        // The blocks are free for others once the file system's journal says so.
        try file.synchronize()
    }
}
