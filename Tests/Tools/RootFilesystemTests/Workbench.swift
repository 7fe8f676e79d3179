import BakeModel
import BlobStorage
import Foundation
import LinuxSystem
import TarArchive
import Testing

@testable import RootFilesystem

/// The `bake` that was built beside these tests.
struct BuiltBake {
    static var program: HelperProgram {
        let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        let bundle = CommandLine.arguments.compactMap { argument -> URL? in
            guard let range = argument.range(of: ".xctest") else { return nil }
            return URL(fileURLWithPath: String(argument[..<range.upperBound]))
        }.first
        let places = [bundle, executable].compactMap { $0?.deletingLastPathComponent().appendingPathComponent("bake") }
        let found = places.first { FileManager.default.isExecutableFile(atPath: $0.path) }
        return HelperProgram(path: found?.path ?? "/nowhere/bake")
    }
}

/// A store in a temporary directory, and a root made of Debian's static busybox.
final class Workbench: Sendable {
    let directory: String
    let store: BlobStore
    let workshop: RootWorkshop

    init(program: HelperProgram = BuiltBake.program, mode: UInt32 = 0o700) throws {
        var template = Array("/tmp/bake-rootfs-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError("make", "a temporary directory") }
        directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        chmod(directory, mode)
        store = try BlobStore.create(at: "\(directory)/store")
        workshop = RootWorkshop(store: store, program: program)
    }

    deinit { _ = try? CompletedProcess.run("/bin/rm", ["-rf", directory], environment: []) }

    /// Makes a layer of entries; regular files have the text that is given for their path.
    func layer(
        _ entries: [TreeEntry], _ contents: [String: [UInt8]] = [:], copyingTo copy: Descriptor? = nil
    ) throws -> Layer {
        let blob = try store.newBlob()
        let writer = try LayerWriter(to: blob.descriptor, threads: 1, copyingTo: copy)
        for entry in entries.sorted(by: { $0.path < $1.path }) {
            var rest = contents[entry.path.description] ?? []
            guard case .regular = entry.kind else {
                try writer.append(entry)
                continue
            }
            var sized = entry
            sized.kind = .regular(size: UInt64(rest.count))
            try writer.append(sized) { buffer in
                let count = min(buffer.count, rest.count)
                buffer.copyBytes(from: rest[..<count])
                rest.removeFirst(count)
                return count
            }
        }
        let layer = try writer.finish()
        _ = try blob.commit(claimed: layer.blob, size: layer.size)
        return layer
    }

    /// A root with busybox, its shell and the tools that the tests use.
    func busybox() throws -> Layer {
        let tools = [
            "sh", "ls", "cat", "rm", "mkdir", "mv", "ln", "chmod", "chown", "touch", "id", "hostname", "stat", "sleep",
            "kill", "ps", "ip", "mknod", "mount", "umount", "env", "true", "false", "cp", "echo", "readlink", "wget",
            "tty",
            "mkfifo", "dd", "grep", "test", "nc", "unshare", "wc", "ulimit", "head", "rmdir", "sort", "find", "stty",
            "setsid", "base64",
        ]
        var entries = ["bin", "etc", "data", "data/sub"].map { directory($0) }
        entries += [file("bin/busybox", mode: 0o755), file("etc/passwd"), file("etc/group")]
        entries += [file("data/one"), file("data/two"), file("data/sub/three")]
        entries += tools.map { link("bin/\($0)", to: "busybox") }
        let busybox = try Descriptor.open("/bin/busybox", O_RDONLY).readAll(limit: 16 << 20)
        return try layer(
            entries,
            [
                "bin/busybox": busybox, "data/one": Array("one\n".utf8), "data/two": Array("two\n".utf8),
                "etc/passwd": Array("root:x:0:0:root:/root:/bin/sh\nwww:x:33:34::/var/www:/bin/sh\n".utf8),
                "etc/group": Array("root:x:0:\nwww:x:34:\nextra:x:50:other,www\n".utf8),
            ])
    }

    func directory(_ path: String, mode: UInt16 = 0o755, owner: Owner = .root) -> TreeEntry {
        TreeEntry(path: treePath(path), kind: .directory, mode: mode, owner: owner)
    }

    func file(_ path: String, mode: UInt16 = 0o644, owner: Owner = .root) -> TreeEntry {
        TreeEntry(path: treePath(path), kind: .regular(size: 0), mode: mode, owner: owner)
    }

    func link(_ path: String, to target: String) -> TreeEntry {
        TreeEntry(path: treePath(path), kind: .symlink(target: Array(target.utf8)), mode: 0o777)
    }

    /// Runs a script over layers.
    func run(
        _ layers: [Layer], _ script: String, result: RunRequest.Result = .changes, inputs: Descriptor? = nil,
        user: String? = nil, limits: SandboxLimits = SandboxLimits(seconds: 60), secrets: [SandboxSecret] = []
    ) throws -> (outcome: RunOutcome, log: String) {
        var request = RunRequest(layers: layers, script: script, inputs: inputs, result: result, limits: limits)
        request.program.user = user
        request.secrets = secrets
        let path = "\(directory)/log-\(UInt64.random(in: .min ... .max))"
        let outcome = try workshop.run(request, log: try Descriptor.open(path, O_RDWR | O_CREAT | O_APPEND))
        let log = try DurableFile.read(path, limit: 1 << 20)
        return (outcome, String(decoding: log, as: UTF8.self))
    }

    /// Runs a script whose output is all that matters.
    func output(_ layers: [Layer], _ script: String, user: String? = nil) throws -> String {
        let (outcome, log) = try run(layers, script, result: .nothing, user: user)
        return outcome.ending.succeeded ? log : "\(outcome.ending.explanation)\n\(log)"
    }

    /// What GNU tar lists of a layer: mode, owner, name and target, a line an entry.
    func listing(_ layer: Layer) throws -> [String] {
        let done = try CompletedProcess.run(
            "/bin/tar", ["--numeric-owner", "-tvzf", path(of: layer)],
            environment: ["LC_ALL=C.UTF-8", "TZ=UTC", "PATH=/bin:/usr/bin"])
        return done.text.split(separator: "\n").map { line in
            let fields = line.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: true)
            return "\(fields[0]) \(fields[1]) \(fields[5])"
        }
    }

    /// Where a layer's blob lies.
    func path(of layer: Layer) -> String { "\(store.path)/blobs/sha256/\(layer.blob.hex)" }

    /// Where a layer is unpacked.
    func cachePath(of layer: Layer) -> String { "\(store.cache)/layers/\(geteuid())/\(layer.diffID.digest.hex)" }

    /// Writes an image of these layers into the store's index, for other tools.
    func writeImage(_ layers: [Layer], named name: String) throws {
        let configuration: JSON = [
            "architecture": "amd64", "os": "linux", "config": [:],
            "rootfs": ["type": "layers", "diff_ids": .array(layers.map { .string($0.diffID.description) })],
            "history": .array(layers.map { _ in ["created_by": "test"] }),
        ]
        let configurationDigest = try store.put(configuration.canonicalBytes)
        let manifest: JSON = [
            "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": [
                "mediaType": "application/vnd.oci.image.config.v1+json", "digest": .string("\(configurationDigest)"),
                "size": .number(Int64(configuration.canonicalBytes.count)),
            ],
            "layers": .array(
                layers.map {
                    [
                        "mediaType": .string(Layer.mediaType), "digest": .string("\($0.blob)"),
                        "size": .number(Int64($0.size)),
                    ]
                }),
        ]
        let index: JSON = [
            "schemaVersion": 2,
            "manifests": [
                [
                    "mediaType": "application/vnd.oci.image.manifest.v1+json",
                    "digest": .string("\(try store.put(manifest.canonicalBytes))"),
                    "size": .number(Int64(manifest.canonicalBytes.count)),
                    "annotations": ["org.opencontainers.image.ref.name": .string(name)],
                ]
            ],
        ]
        try DurableFile.replace("\(store.path)/index.json", with: index.canonicalBytes)
    }

    /// A path of the store's temporary files that is left over.
    func leftovers() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: store.temporary) }
}

func treePath(_ text: String) -> TreePath {
    guard let path = try? TreePath(cleaning: text) else { return .root }
    return path
}

/// Compares what a script said, and shows both where they differ.
func expect(_ found: String, _ expected: String, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(found == expected, sourceLocation: sourceLocation)
}
