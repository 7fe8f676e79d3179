import BakeModel
import BlobStorage
import Glibc
import LinuxSystem
import RootFilesystem

/// The root that an image's layers make, told by their indexes: nothing is unpacked or mounted, and of files only those
/// are read whose bytes are asked for.
final class LayeredRoot: ImageRoot {
    private let tree: LayeredTree
    /// Why what was answered is no verdict: a layer that cannot be read, or `LayeredTreeError` where something was asked
    /// that only unpacking tells.
    private(set) var failure: (any Error)?

    /// - Parameter layers: the lowest first.
    init(_ layers: [Layer], in store: BlobStore) { tree = LayeredTree(layers, in: store) }

    func status(of path: String) throws -> FileFacts? {
        do {
            return FileFacts(try ask { try tree.entry(at: Array(path.utf8), followsLink: false) })
        } catch let error as SystemError where error.isMissing {
            return nil
        }
    }

    func targetStatus(of path: String) throws -> FileFacts? {
        do {
            return FileFacts(try ask { try tree.entry(at: Array(path.utf8), followsLink: true) })
        } catch let error as SystemError where error.isMissing || error.number == ELOOP {
            return nil
        }
    }

    func linkTarget(of path: String) throws -> [UInt8] {
        let entry = try ask { try tree.entry(at: Array(path.utf8), followsLink: false) }
        guard case .symlink(let target) = entry.kind else {
            throw SystemError("read the link", path, number: EINVAL)
        }
        return target
    }

    func read(_ path: String, each: (UnsafeRawBufferPointer) throws -> Void) throws {
        let file = try ask { try tree.file(at: Array(path.utf8)) }
        var isStopped = false
        do {
            _ = try file.read { piece in
                isStopped = true
                try each(piece)
                isStopped = false
            }
        } catch {
            if !isStopped { failure = failure ?? error }
            throw error
        }
    }

    func names(in path: String) throws -> [String] {
        do {
            return try ask { try tree.names(in: Array(path.utf8)) }
                .compactMap { String(validating: $0, as: UTF8.self) }
        } catch let error as SystemError where error.isMissing {
            return []
        }
    }

    func directorySize(of path: String) throws -> Int64 {
        try ask { throw LayeredTreeError.onlyUnpackingTells }
    }

    /// What the kernel would refuse of the root is an answer; that the store cannot be read is none.
    private func ask<Answer>(_ question: () throws -> Answer) throws -> Answer {
        do { return try question() } catch LayeredTreeError.refused(let refusal) {
            throw refusal
        } catch {
            failure = failure ?? error
            throw error
        }
    }
}

extension FileFacts {
    fileprivate init(_ entry: TreeEntry) {
        let (kind, size): (mode_t, Int64?) =
            switch entry.kind {
            case .regular(let size): (S_IFREG, Int64(clamping: size))
            case .directory: (S_IFDIR, nil)
            case .symlink(let target): (S_IFLNK, Int64(target.count))
            case .fifo: (S_IFIFO, 0)
            // No index gives one: it gives the file.
            case .hardlink: (S_IFREG, nil)
            }
        self.init(mode: kind | mode_t(entry.mode), user: entry.owner.user, group: entry.owner.group, size: size)
    }
}
