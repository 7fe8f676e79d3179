import BakeModel
import Foundation
import LinuxSystem

@testable import TarArchive

/// A directory of a test's own, removed with it.
final class Scratch {
    let path: String

    init() throws {
        var template = Array("/tmp/bake-archive-tests-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError("make the directory", "/tmp") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { _ = try? run("/bin/rm", "-rf", path) }

    /// Opens a file for reading.
    func open(_ name: String) throws -> Descriptor { try Descriptor.open("\(path)/\(name)", O_RDONLY) }

    /// Makes a file.
    func create(_ name: String, _ bytes: [UInt8] = []) throws -> Descriptor {
        let file = try Descriptor.open("\(path)/\(name)", O_RDWR | O_CREAT | O_TRUNC)
        try file.write(bytes)
        return file
    }

    func bytes(_ name: String) throws -> [UInt8] { try open(name).readAll(limit: 1 << 30) }

    /// Runs a shell script here; its standard output. A failure of the script is an error.
    @discardableResult
    func shell(_ script: String) throws -> String { try run("/bin/bash", "-euc", script) }

    /// Makes archives with Python's tarfile and struct.
    func python(_ script: String) throws { _ = try run("/usr/bin/python3", "-c", script) }

    private func run(_ program: String, _ arguments: String...) throws -> String {
        let environment = ["PATH=/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL=C.UTF-8", "TZ=UTC"]
        let done = try CompletedProcess.run(program, arguments, environment: environment, directory: path, deadline: 60)
        guard done.ending.succeeded else { throw ScriptFailure(text: done.lastErrors) }
        return done.text
    }
}

struct ScriptFailure: Error, CustomStringConvertible {
    let text: String
    var description: String { text }
}

/// An entry read, with its bytes.
struct ReadEntry: Equatable {
    let entry: TreeEntry
    let content: [UInt8]
}

extension ArchiveContent {
    /// All bytes, read in odd pieces.
    func all() throws -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0xaa, count: 7777)
        while true {
            let count = try buffer.withUnsafeMutableBytes { try read(into: $0) }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
    }
}

extension Scratch {
    /// Reads a whole archive.
    func read(_ name: String, limits: ArchiveLimits = ArchiveLimits()) throws -> (ArchiveSummary, [ReadEntry]) {
        var entries: [ReadEntry] = []
        let summary = try ArchiveReader.read(open(name), limits: limits) { entry, content in
            entries.append(ReadEntry(entry: entry, content: try content.all()))
        }
        return (summary, entries)
    }

    /// Why an archive is refused; nil where it is not.
    func fault(_ name: String, limits: ArchiveLimits = ArchiveLimits()) throws -> ArchiveReadError.Fault? {
        do {
            _ = try read(name, limits: limits)
            return nil
        } catch let error as ArchiveReadError { return error.fault }
    }

    /// Writes a layer.
    @discardableResult
    func write(
        _ name: String, _ entries: [ReadEntry], compression: Compression = .fast, threads: Int = 2
    ) throws -> Layer {
        let writer = try LayerWriter(to: create(name), compression: compression, threads: threads)
        for entry in entries { try writer.append(entry) }
        return try writer.finish()
    }
}

extension LayerWriter {
    func append(_ entry: ReadEntry) throws {
        guard case .regular = entry.entry.kind else { return try append(entry.entry) }
        try append(entry.entry, content: reading(entry.content))
    }
}

/// Gives bytes as `LayerWriter.append` takes them.
func reading(_ bytes: [UInt8]) -> (UnsafeMutableRawBufferPointer) throws -> Int {
    var rest = bytes[...]
    return { buffer in
        let piece = rest.prefix(min(buffer.count, 100_003))
        buffer.copyBytes(from: piece)
        rest = rest.dropFirst(piece.count)
        return piece.count
    }
}

extension TreePath {
    /// A path that the test knows to be fine.
    init(_ text: String) { self.init(known: Array(text.utf8)) }
    init(known bytes: [UInt8]) { self = (try? TreePath(cleaning: bytes)) ?? .root }
}

extension ReadEntry {
    static func file(
        _ path: TreePath, _ content: [UInt8], mode: UInt16 = 0o644, owner: Owner = .root,
        attributes: [ExtendedAttribute] = []
    ) -> ReadEntry {
        let kind = TreeEntry.Kind.regular(size: UInt64(content.count))
        return ReadEntry(
            entry: TreeEntry(path: path, kind: kind, mode: mode, owner: owner, attributes: attributes),
            content: content)
    }

    static func other(_ path: TreePath, _ kind: TreeEntry.Kind, mode: UInt16 = 0o755) -> ReadEntry {
        ReadEntry(entry: TreeEntry(path: path, kind: kind, mode: mode), content: [])
    }
}
