import BakeModel
import SpecRun
import YAMLDocument

/// Reads what a pipeline file names as its spec. Templates know the pipeline's `args` as `.Env`, as its commands do:
/// what a bake depends on comes with the commit and `--set`, and not from the machine.
struct SpecSourceReading {
    let files: CommitSpecFiles
    /// Where the pipeline file lies.
    let pipeline: TreePath
    let pipelineBytes: [UInt8]
    let arguments: [String: String]

    /// The spec, with its templates filled in.
    func spec(_ source: SpecSource) throws -> Spec {
        switch source {
        case .inline(let yaml): return try inline(yaml)
        case .command(let check): return Spec([.command(check)])
        case .list(let sources): return try list(sources)
        case .file(let path): return try read(path, .none)
        case .template(let template): return try read(template.file, try variables(of: template))
        }
    }

    /// Everything that is wrong with any of them is told at once.
    private func list(_ sources: [SpecSource]) throws -> Spec {
        var parts: [Spec.Part] = []
        var faults: [SourceFault] = []
        for source in sources {
            do { parts += try spec(source).parts } catch let error as SourceFaults { faults += error.faults }
        }
        if let faults = SourceFaults(faults) { throw faults }
        return Spec(parts)
    }

    private var inlineName: String { "\(pipeline) (spec)" }

    private func inline(_ yaml: String) throws -> Spec {
        do throws(SourceFaults) {
            return try Spec(parsing: yaml, name: inlineName, with: context(.none))
        } catch {
            throw atOrigin(error, yaml)
        }
    }

    /// The same faults at the places where the pipeline file has them.
    private func atOrigin(_ faults: SourceFaults, _ yaml: String) -> SourceFaults {
        guard let document = try? YAMLDocument(parsing: pipelineBytes, file: pipeline.description),
            case .mapping(let file)? = document.root, let spec = file["spec"]
        else { return faults }
        let nodes = if case .sequence(let list) = spec { list.items } else { [spec] }
        guard let extract = nodes.lazy.map(YAMLExtract.init).first(where: { $0.text == yaml }) else { return faults }
        let moved = faults.faults.map { fault in
            fault.file != inlineName
                ? fault
                : document.source.fault(
                    fault.message, at: extract.origin(of: fault.position), suggestion: fault.suggestion)
        }
        return SourceFaults(moved) ?? faults
    }

    private func read(_ path: TreePath, _ variables: SpecVariables) throws -> Spec {
        let bytes = try files.contents(of: path, as: path.description)
        return try Spec(
            parsing: String(decoding: bytes, as: UTF8.self), name: path.description, with: context(variables))
    }

    private func variables(of template: SpecTemplate) throws -> SpecVariables {
        var variables = SpecVariables.none
        for path in template.variables {
            let bytes = try files.contents(of: path, as: path.description)
            variables = variables.merged(with: try SpecVariables(parsing: bytes, name: path.description))
        }
        guard let inline = template.inline else { return variables }
        return variables.replacing(with: try SpecVariables(parsing: Array(inline.utf8), name: "\(pipeline) (vars)"))
    }

    private func context(_ variables: SpecVariables) -> SpecContext {
        SpecContext(variables: variables, environment: arguments, files: files)
    }
}
