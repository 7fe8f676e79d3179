import BakeModel

/// Finds the pipeline file of a commit: `bake.yaml`, `bake/NAME.yaml`, or the file that a person names.
public struct PipelineLocator: Sendable {
    private static let single = "bake.yaml"
    /// The directories in which pipeline files usually are.
    static let directories = [TreePath.root] + ((try? TreePath(cleaning: "bake")).map { [$0] } ?? [])
    private let paths: Set<TreePath>
    /// The pipeline files in their usual places, sorted.
    public let files: [TreePath]

    /// Looks through a commit's paths. Specs lie beside pipelines in `bake/`, so `content` is asked for the bytes of
    /// what lies there: a file that is clearly no pipeline is none. It returns nil for what is no regular file.
    public init<Failure: Error>(
        paths: some Sequence<TreePath>, content: (TreePath) throws(Failure) -> [UInt8]?
    ) throws(Failure) {
        self.paths = Set(paths)
        var files: [TreePath] = []
        for path in self.paths.sorted() {
            if path.bytes.elementsEqual(Self.single.utf8) {
                files.append(path)
            } else if Self.name(of: path) != nil, let bytes = try content(path), PipelineFile.mayBe(bytes) {
                files.append(path)
            }
        }
        self.files = files
    }

    /// The file that a person means by a name (`web`), a path (`ci/web.yaml`), or by saying nothing where there is one.
    public func locate(_ choice: String? = nil) throws(PipelineLocationFault) -> PipelineLocation {
        guard let choice else { return PipelineLocation(file: try only(), name: nil) }
        guard let name = PipelineName(choice) else { return PipelineLocation(file: try file(choice), name: nil) }
        if let file = files.first(where: { Self.name(of: $0) == name }) {
            return PipelineLocation(file: file, name: name)
        }
        // The name of the pipeline in `bake.yaml` stands in it.
        guard let file = files.first(where: { Self.name(of: $0) == nil }) else {
            throw .unknown(choice, choices: choices)
        }
        return PipelineLocation(file: file, name: name)
    }

    private func only() throws(PipelineLocationFault) -> TreePath {
        if files.count > 1 { throw .several(choices: choices) }
        if let file = files.first { return file }
        let short = paths.first { $0.bytes.elementsEqual("bake.yml".utf8) }
        throw .none(misnamed: short?.description)
    }

    private func file(_ choice: String) throws(PipelineLocationFault) -> TreePath {
        guard !choice.isAbsolutePath, let path = try? TreePath(cleaning: choice), paths.contains(path) else {
            throw .unknown(choice, choices: choices)
        }
        return path
    }

    private var choices: [String] { files.map { Self.name(of: $0)?.text ?? $0.description } }

    /// `web` for `bake/web.yaml`; nil for every other path.
    private static func name(of path: TreePath) -> PipelineName? {
        let parts = path.parts
        guard parts.count == 2, parts[0].elementsEqual("bake".utf8), parts[1].suffix(5).elementsEqual(".yaml".utf8)
        else { return nil }
        return PipelineName(String(decoding: parts[1].dropLast(5), as: UTF8.self))
    }
}
