import BakeModel
import YAMLDocument

/// A spec's text with its template filled in, and the way back to what a person wrote.
struct RenderedSpec {
    /// The text, filled in.
    let text: String
    private let source: SourceText
    private let scalars: [Unicode.Scalar]
    private let output: TemplateOutput?

    /// Fills in a template; text without `{{` is taken as it is.
    init(_ text: String, name: String, _ context: SpecContext, readFile: @escaping @Sendable (String) throws -> String)
        throws(SourceFaults)
    {
        source = SourceText(file: name, bytes: Array(text.utf8))
        guard TemplateParser.isMeant(by: text) else {
            (self.text, scalars, output) = (text, [], nil)
            return
        }
        let scalars = Array(text.unicodeScalars)
        do throws(TemplateFault) {
            let environment = context.environment()
            let data = DataValue.map([
                "Vars": .map(context.variables.members), "Env": .map(environment.mapValues(DataValue.text)),
            ])
            let functions = TemplateFunctions(environment: environment, file: readFile)
            let output = try TemplateRun.output(
                of: try TemplateParser.template(scalars), data: data, functions: functions)
            (self.text, self.scalars, self.output) = (String(decoding: output.text, as: UTF8.self), scalars, output)
        } catch {
            throw SourceFaults(
                source.fault(
                    error.message, at: Self.position(error.offset ?? 0, in: scalars), suggestion: error.suggestion))
        }
    }

    /// Puts a fault of the filled-in text at its place in the template.
    func atOrigin(_ fault: SourceFault) -> SourceFault {
        guard let output else { return fault }
        let origin = Self.position(output.origin(of: output.byte(at: fault.position)), in: scalars)
        let place = source.fault(fault.message, at: origin)
        let message = place.text == fault.text ? fault.message : "\(fault.message) (filled in: \(fault.text))"
        return source.fault(message, at: origin, suggestion: fault.suggestion)
    }

    private static func position(_ offset: Int, in scalars: [Unicode.Scalar]) -> SourcePosition {
        let before = scalars.prefix(offset)
        let start = before.lastIndex(of: "\n").map { $0 + 1 } ?? 0
        return SourcePosition(line: before.count { $0 == "\n" } + 1, column: before.count - start + 1)
    }
}
