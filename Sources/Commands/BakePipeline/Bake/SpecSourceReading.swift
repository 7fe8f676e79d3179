import BakeModel
import SpecRun

/// Reads what a pipeline file names as its spec. Templates know the pipeline's `args` as `.Env`, as its commands do:
/// what a bake depends on comes with the commit and `--set`, and not from the machine.
struct SpecSourceReading {
    let files: CommitSpecFiles
    /// Where the pipeline file lies.
    let pipeline: TreePath
    let arguments: [String: String]

    /// The spec, with its templates filled in.
    func spec(_ source: SpecSource) throws -> Spec {
        switch source {
        case .inline(let yaml): return try Spec(parsing: yaml, name: "\(pipeline) (spec)", with: context(.none))
        case .command(let check): return Spec([.command(check)])
        case .list(let sources): return Spec(try sources.flatMap { try spec($0).parts })
        case .file(let path): return try read(path, .none)
        case .template(let template): return try read(template.file, try variables(of: template))
        }
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
