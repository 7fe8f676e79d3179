import BakeModel
import BlobStorage
import Glibc
import LinuxSystem

/// The `.deb` files of a lock, brought into the store as blobs by their digests.
public struct DebianFetch: Sendable {
    private let machine: DebianMachine
    private let store: BlobStore
    /// So many files per call of apt: enough to keep one connection busy, few enough to show progress.
    private static let batch = 24

    /// Fetches from the archives of this machine into the store.
    public init(machine: DebianMachine, store: BlobStore) {
        self.machine = machine
        self.store = store
    }

    /// Fetches what the store does not have; no network where it has all. Every archive of the suite is asked in turn.
    /// - Parameter arrived: called after each package that came in, on the caller's thread.
    /// - Throws: `DebianFault` for the first package that no archive gave: other bytes, no answer, or no such file.
    public func fetch(_ locked: LockedPackages, arrived: (LockedPackage) -> Void = { _ in }) throws {
        var missing = locked.closure.filter { !store.contains($0.digest) }
        guard !missing.isEmpty else { return }
        let sources = try machine.sources(of: locked.source, architecture: locked.architecture)
        var words = [String]()
        for archive in try DebianMirror.archives(of: sources) where !missing.isEmpty {
            var rest: [LockedPackage] = []
            for start in stride(from: 0, to: missing.count, by: Self.batch) {
                let wanted = missing[start..<min(start + Self.batch, missing.count)]
                words += try download(Array(wanted), from: archive)
                for package in wanted { store.contains(package.digest) ? arrived(package) : rest.append(package) }
            }
            missing = rest
        }
        if let first = missing.first { throw DebianFault.missing(first, words) }
    }

    /// Downloads a few packages; what fails is left out.
    /// - Returns: what apt said of failures, line by line.
    private func download(_ packages: [LockedPackage], from archive: String) throws -> [String] {
        let directory = try PrivateDirectory(in: machine.temporary)
        let target = try directory.directory("downloads")
        try letAptWrite(target)
        let files = packages.map { "\(target)/\($0.digest.hex)" }
        let arguments = zip(packages, files).flatMap { package, file in
            [DebianMirror.uri(of: package, in: archive), file, "SHA256:\(package.digest.hex)"]
        }
        let process = try machine.attempt(.aptHelper, ["download-file"] + arguments)
        for (package, file) in zip(packages, files) { try bringIn(package, file) }
        return String(decoding: process.errors, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// apt downloads as a user of its own where it can: what it wrote is trusted no more than the archive.
    private func bringIn(_ package: LockedPackage, _ path: String) throws {
        guard let file = try? Descriptor.open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK),
            try UInt64(file.status().st_size) == package.size
        else { return }
        let writer = try store.newBlob()
        var chunk = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = try chunk.withUnsafeMutableBytes { try file.read(into: $0) }
            if count == 0 { break }
            try chunk[..<count].withUnsafeBytes { try writer.write($0) }
        }
        do { _ = try writer.commit(claimed: package.digest, size: package.size) } catch is StoreError { return }
    }

    private func letAptWrite(_ directory: String) throws {
        guard geteuid() == 0, let user = UserAccount(named: "_apt")?.number else { return }
        try SystemError.check("give away", directory) { chown(directory, user, gid_t.max) }
    }
}

extension LockedPackages {
    /// The suite as the pipeline named it, but for the keyring: bytes that the lock pins need no signature.
    var source: DebianSuite { DebianSuite(suite, components: components, mirrors: mirrors) }
}
