import BakeModel
import BlobStorage
import Foundation
import LinuxSystem
import TarArchive

/// A layer that is made from files of this machine.
struct TestImage {
    private var entries: [TreePath: TreeEntry] = [:]
    private var contents: [TreePath: Data] = [:]

    /// Debian's static busybox with a few of its names, two users, and something to serve.
    static func busybox() throws -> TestImage {
        var image = TestImage()
        try image.addBusybox(as: "bin/busybox")
        for applet in ["sh", "httpd", "sleep", "id", "touch", "yes", "test", "wget"] {
            image.addLink("bin/\(applet)", to: "busybox")
        }
        image.add("etc/passwd", "root:x:0:0::/root:/bin/sh\nweb:x:33:33::/:/bin/sh\n")
        image.add("etc/group", "root:x:0:\nweb:x:33:\n")
        image.add("srv/index.html", "<h1>hello</h1>\n")
        image.add("srv/large", String(repeating: "x", count: 3 << 20))
        return image
    }

    /// Adds Debian's static busybox under the name of what it is to do.
    mutating func addBusybox(as path: String) throws { try addCopy("/bin/busybox", as: path) }

    /// Adds a dynamic program of this machine with the libraries that ldd(1) tells.
    mutating func addProgram(_ path: String) throws {
        try addCopy(path, as: path)
        let text = try CompletedProcess.run("/usr/bin/ldd", [path], environment: ["PATH=/usr/bin:/bin"]).text
        for word in text.split(whereSeparator: \.isWhitespace) where word.hasPrefix("/") {
            try addCopy(String(word), as: String(word))
        }
    }

    mutating func add(_ path: String, _ text: String, mode: UInt16 = 0o644) { add(path, Data(text.utf8), mode: mode) }

    mutating func addLink(_ path: String, to target: String) { add(path, .symlink(target: Array(target.utf8)), 0o777) }

    mutating func addDirectory(_ path: String, mode: UInt16 = 0o755) { add(path, .directory, mode) }

    /// Another name of a file that is there; its name must come later in the order of paths.
    mutating func addName(_ path: String, of target: String) throws {
        add(path, .hardlink(to: try TreePath(cleaning: target)), 0o644)
    }

    mutating func addPipe(_ path: String) { add(path, .fifo, 0o600) }

    private mutating func addCopy(_ source: String, as path: String) throws {
        add(path, try Data(contentsOf: URL(fileURLWithPath: source)), mode: 0o755)
    }

    mutating func add(_ path: String, _ data: Data, mode: UInt16) {
        add(path, .regular(size: UInt64(data.count)), mode)
        if let clean = try? TreePath(cleaning: path) { contents[clean] = data }
    }

    private mutating func add(_ path: String, _ kind: TreeEntry.Kind, _ mode: UInt16) {
        guard let clean = try? TreePath(cleaning: path) else { return }
        entries[clean] = TreeEntry(path: clean, kind: kind, mode: mode)
        var parent = clean.parent
        while !parent.isRoot {
            if entries[parent] == nil { entries[parent] = TreeEntry(path: parent, kind: .directory, mode: 0o755) }
            parent = parent.parent
        }
    }

    /// Writes the layer to a store.
    func pack(into store: BlobStore) throws -> Layer {
        let blob = try store.newBlob()
        let writer = try LayerWriter(to: blob.descriptor, threads: 1)
        for entry in entries.values.sorted(by: { $0.path < $1.path }) {
            guard var rest = contents[entry.path] else {
                try writer.append(entry)
                continue
            }
            try writer.append(entry) { buffer in
                let part = rest.prefix(buffer.count)
                part.copyBytes(to: buffer)
                rest = rest.dropFirst(part.count)
                return part.count
            }
        }
        let layer = try writer.finish()
        _ = try blob.commit(claimed: layer.blob, size: layer.size)
        return layer
    }
}
