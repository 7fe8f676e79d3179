import BakeModel
import BlobStorage
import Foundation
import LinuxSystem
import RegistryClient
import RootFilesystem

@testable import LayerBuild

/// An OCI image layout that is written by hand, with GNU tar, gzip and zstd; and a store to import it into.
final class ForeignLayout {
    let path: String
    let store: BlobStore
    private(set) var entries: [JSON] = []

    static let manifestType = "application/vnd.oci.image.manifest.v1+json"
    static let indexType = "application/vnd.oci.image.index.v1+json"
    static let layerType = "application/vnd.oci.image.layer.v1.tar"

    init() throws {
        var template = Array("/tmp/bake-import-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError("make", "a temporary directory") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        store = try BlobStore.create(at: "\(path)/store")
        try DurableFile.makeDirectories("\(path)/layout/blobs/sha256")
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// A tar with one file.
    func tar(_ options: String = "") throws -> [UInt8] {
        try shell("echo hello > hello; tar --owner=0 --group=0 --mtime=@7 \(options) -cf - hello")
    }

    /// What a program makes of bytes.
    func filtered(_ bytes: [UInt8], by program: String) throws -> [UInt8] {
        try Data(bytes).write(to: URL(filePath: "\(path)/input"))
        return try shell("\(program) < input")
    }

    private func shell(_ script: String) throws -> [UInt8] {
        let run = try CompletedProcess.run(
            "/bin/sh", ["-ec", script], environment: HelperProgram.environment, directory: path)
        guard run.ending.succeeded else { throw SystemError("run", script, number: EINVAL) }
        return run.output
    }

    /// Writes a blob and returns its descriptor.
    @discardableResult
    func put(_ bytes: [UInt8], _ type: String, size: Int? = nil) throws -> JSON {
        let digest = Digest.of(bytes)
        try Data(bytes).write(to: blob(digest))
        return [
            "mediaType": .string(type), "digest": .string(digest.description),
            "size": .number(Int64(size ?? bytes.count)),
        ]
    }

    func blob(_ digest: Digest) -> URL { URL(filePath: "\(path)/layout/blobs/sha256/\(digest.hex)") }

    /// Writes an image of layers, each with the tar in it.
    func image(
        _ layers: [(descriptor: JSON, tar: [UInt8])], architecture: String = "amd64", settings: JSON = [:]
    ) throws -> JSON {
        let configuration: JSON = [
            "architecture": .string(architecture), "os": "linux", "config": settings,
            "rootfs": ["type": "layers", "diff_ids": .array(layers.map { .string(Digest.of($0.tar).description) })],
        ]
        return try manifest(try put(configuration.canonicalBytes, "x"), layers.map(\.descriptor))
    }

    /// Writes a manifest.
    func manifest(_ configuration: JSON, _ layers: [JSON]) throws -> JSON {
        let document: JSON = [
            "schemaVersion": 2, "mediaType": .string(Self.manifestType), "config": configuration,
            "layers": .array(layers),
        ]
        return try put(document.canonicalBytes, Self.manifestType)
    }

    /// Writes an index.
    func index(_ entries: [JSON]) throws -> JSON {
        let document: JSON = [
            "schemaVersion": 2, "mediaType": .string(Self.indexType), "manifests": .array(entries),
        ]
        return try put(document.canonicalBytes, Self.indexType)
    }

    /// The same descriptor for a platform.
    static func on(_ platform: String, _ descriptor: JSON) -> JSON {
        let parts = platform.split(separator: "/").map(String.init)
        return descriptor.with("platform", ["os": .string(parts[0]), "architecture": .string(parts[1])])
    }

    /// Locks and imports what `index.json` names then, as a stage does that says `import: oci:…`.
    func imported(_ entries: JSON...) throws -> BuiltStage {
        try write(entries)
        let source = ImportSource.layout(.machine("\(path)/layout"), reference: nil)
        guard let locked = try ImportLocker(access).lock(source) else { throw CocoaError(.featureUnsupported) }
        let found = FoundImport(source: source, content: .pinned(locked.digest), architecture: "amd64")
        guard let stage = StageName("base") else { throw CocoaError(.featureUnsupported) }
        return try builder.importedBase(found, for: stage, isEntered: false)
    }

    func write(_ entries: [JSON]) throws {
        let index: JSON = ["schemaVersion": 2, "manifests": .array(entries)]
        try Data(index.canonicalBytes).write(to: URL(filePath: "\(path)/layout/index.json"))
    }

    /// Imports a tar file of the machine.
    func imported(_ source: ImportSource) throws -> BuiltStage {
        guard let locked = try ImportLocker(access).lock(source), let stage = StageName("base") else {
            throw CocoaError(.featureUnsupported)
        }
        return try builder.importedBase(
            FoundImport(source: source, content: .pinned(locked.digest), architecture: "amd64"), for: stage,
            isEntered: false)
    }

    private let program = HelperProgram(path: "/nonexistent")
    private var access: ImportAccess {
        ImportAccess(architecture: "amd64", registries: RegistryAccess(), program: program)
    }

    private var builder: StageBuilder {
        StageBuilder(
            store: store, workshop: RootWorkshop(store: store, program: program),
            commit: CommitFiles(sizes: { $0.map { _ in 0 } }, bytes: { files, _ in files.map { _ in [] } }),
            machine: DebianMachine(), imports: access,
            threads: 1, secrets: [:])
    }
}

extension JSON {
    /// This object with another member.
    func with(_ key: String, _ value: JSON) -> JSON {
        var members = self.members ?? [:]
        members[key] = value
        return .object(members)
    }
}
