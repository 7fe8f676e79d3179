import BlobStorage
import Glibc
import LinuxSystem
import RootFilesystem

/// The git repositories of a store → another store. Mirrors can be fetched again, but those that bake made for one-off
/// images, and the commits that it keeps, are nowhere else.
struct RepositoryCopy {
    private let source: BlobStore
    private let target: BlobStore
    private static let lockSuffix = ".lock"
    /// What a repository is called while another takes its place.
    private static let asideSuffix = ".aside"

    init(from source: BlobStore, to target: BlobStore) {
        self.source = source
        self.target = target
    }

    /// Copies all, forces them to the disk together, and then gives each its name.
    func run() throws {
        let copies = try names().map { name in
            let unfinished = "\(target.temporary)/\(UInt64.random(in: .min ... .max)).git"
            try copy(name, to: unfinished)
            return (name, unfinished)
        }
        guard !copies.isEmpty else { return }
        try Descriptor.open(target.mirrors, O_RDONLY | O_DIRECTORY).synchronizeFileSystem()
        for (name, unfinished) in copies { try install(unfinished, as: name) }
    }

    /// The repositories; one that a killed copy left aside counts where nothing took its place.
    private func names() throws -> [String] {
        let found = try DirectoryListing.names(in: source.mirrors)
            .filter { !$0.hasSuffix(Self.lockSuffix) }
        let plain = Set(found.filter { !$0.hasSuffix(Self.asideSuffix) })
        let left = found.filter { $0.hasSuffix(Self.asideSuffix) }.map { String($0.dropLast(Self.asideSuffix.count)) }
        return plain.union(left).sorted()
    }

    private func copy(_ name: String, to unfinished: String) throws {
        let place = "\(source.mirrors)/\(name)"
        // Whoever may not make the lock copies a store that nobody writes to.
        let lock = try? FileLock.shared(place + Self.lockSuffix)
        defer { withExtendedLifetime(lock) {} }
        let isThere = access(place, F_OK) == 0
        try Self.copyDirectory(isThere ? place : place + Self.asideSuffix, to: unfinished)
    }

    /// Copies a directory with its files and their modes. Owners stay behind: whoever may read a store may back it up.
    private static func copyDirectory(_ place: String, to copy: String) throws {
        let directory = try Descriptor.open(place, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
        try SystemError.check("make", copy) { mkdir(copy, 0o700) }
        for name in try DirectoryListing.names(in: place) {
            let file = try directory.open(name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
            switch try file.status().st_mode & S_IFMT {
            case S_IFDIR: try copyDirectory("\(place)/\(name)", to: "\(copy)/\(name)")
            case S_IFREG: try copyFile(file, to: "\(copy)/\(name)")
            default: throw StoreError.damaged(path: "\(place)/\(name)", detail: "it is neither file nor directory")
            }
        }
        try copyMode(of: directory, to: copy)
    }

    private static func copyFile(_ file: Descriptor, to copy: String) throws {
        let target = try Descriptor.open(copy, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
        try file.readPieces(of: 1 << 20) { try target.write($0) }
        try copyMode(of: file, to: copy)
    }

    private static func copyMode(of original: Descriptor, to copy: String) throws {
        let mode = try original.status().st_mode & 0o7777
        try SystemError.check("set the mode of", copy) { chmod(copy, mode) }
    }

    private func install(_ unfinished: String, as name: String) throws {
        let place = "\(target.mirrors)/\(name)"
        let aside = place + Self.asideSuffix
        let lock = try FileLock.exclusive(place + Self.lockSuffix)
        defer { withExtendedLifetime(lock) {} }
        if access(place, F_OK) == 0 {
            if access(aside, F_OK) == 0 { try TreeRemoval.remove(aside) }
            try SystemError.check("lay aside", place) { rename(place, aside) }
        }
        try SystemError.check("move the repository to", place) { rename(unfinished, place) }
        try DurableFile.synchronizeDirectory(of: place)
        if access(aside, F_OK) == 0 { try TreeRemoval.remove(aside) }
    }
}
