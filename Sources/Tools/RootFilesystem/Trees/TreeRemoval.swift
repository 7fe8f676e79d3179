import Glibc
import LinuxSystem

/// Removal of whole trees that others made: never through a symbolic link, at any depth.
public enum TreeRemoval {
    /// Directories deeper than this are moved up first, so that a hostile depth costs neither stack nor descriptors.
    private static let depthLimit = 64

    /// Removes what lies at a path, whatever it is. Nothing there is fine.
    public static func remove(_ path: String) throws(SystemError) {
        let parent = try Descriptor.open(DurableFile.parent(of: path), O_RDONLY | O_DIRECTORY)
        try remove(path.split(separator: "/").last.map { Array($0.utf8) } ?? [], in: parent)
    }

    /// Removes what lies under a name, whatever it is. Nothing there is fine.
    static func remove(_ name: some Collection<UInt8>, in parent: Descriptor) throws(SystemError) {
        let raw = cString(name)
        if unlinkat(parent.number, raw, 0) == 0 || errno == ENOENT { return }
        guard errno == EISDIR || errno == EPERM else { throw SystemError("remove", text(name)) }
        let directory = try parent.subdirectory(name)
        try empty(directory)
        guard unlinkat(parent.number, raw, AT_REMOVEDIR) == 0 else { throw SystemError("remove", text(name)) }
    }

    /// Removes everything in a directory.
    static func empty(_ directory: Descriptor) throws(SystemError) {
        var moved = 0
        // What was moved up appears at the top, and is emptied in the next round.
        while true {
            try empty(directory, depth: 0, top: directory, moved: &moved)
            if try directory.sortedNames().isEmpty { return }
        }
    }

    private static func empty(_ directory: Descriptor, depth: Int, top: Descriptor, moved: inout Int)
        throws(SystemError)
    {
        for name in try directory.sortedNames() {
            let raw = cString(name)
            if unlinkat(directory.number, raw, 0) == 0 || errno == ENOENT { continue }
            guard errno == EISDIR || errno == EPERM else { throw SystemError("remove", text(name)) }
            if depth == depthLimit {
                moved += 1
                let place = cString(".bake-removed-\(moved)".utf8)
                try SystemError.check("move", text(name)) { renameat(directory.number, raw, top.number, place) }
                continue
            }
            try empty(try directory.subdirectory(name), depth: depth + 1, top: top, moved: &moved)
            try SystemError.check("remove", text(name)) { unlinkat(directory.number, raw, AT_REMOVEDIR) }
        }
    }

    private static func text(_ name: some Collection<UInt8>) -> String { String(decoding: name, as: UTF8.self) }
}
