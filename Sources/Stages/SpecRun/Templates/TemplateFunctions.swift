import BakeModel

/// The functions that templates know: Go's own, Sprig's, and goss's.
struct TemplateFunctions {
    /// A function, with the number of arguments it takes.
    struct Function: Sendable {
        let arity: ClosedRange<Int>
        let body: Body
        /// What it does; it throws nothing but `TemplateFault`.
        typealias Body = @Sendable (TemplateArguments) throws -> DataValue

        init(_ arity: ClosedRange<Int>, _ body: @escaping Body) {
            self.arity = arity
            self.body = body
        }

        init(_ count: Int, _ body: @escaping Body) { self.init(count...count, body) }

        /// The result.
        func apply(_ arguments: TemplateArguments) throws(TemplateFault) -> DataValue {
            guard arity.contains(arguments.count) else {
                let wanted =
                    arity.lowerBound == arity.upperBound
                    ? String(arity.lowerBound)
                    : arity.upperBound >= Self.many
                        ? "at least \(arity.lowerBound)" : "\(arity.lowerBound) to \(arity.upperBound)"
                throw TemplateFault("\"\(arguments.name)\" takes \(wanted) arguments, not \(arguments.count)")
            }
            do { return try body(arguments) } catch {
                throw error as? TemplateFault ?? TemplateFault(String(describing: error))
            }
        }

        /// As many arguments as there are.
        static let many = 10_000
    }

    private let functions: [String: Function]

    /// All that are pure, and those that look at the variables of the environment and at files.
    init(environment: [String: String], file: @escaping @Sendable (String) throws -> String) {
        functions = Self.pure.merging(Self.outward(environment, file)) { $1 }
    }

    /// Sprig has many under a second name, `mustFirst` for `first`, by which a template ends where it fails; here it does in
    /// any case.
    subscript(name: String) -> Function? {
        if let function = functions[name] { return function }
        let plain = name.dropFirst(4)
        guard name.hasPrefix("must"), let first = plain.first, first.isUppercase else { return nil }
        return functions[first.lowercased() + plain.dropFirst()]
    }

    /// What was probably meant.
    func suggestion(for name: String) -> String? {
        if let reason = Self.refused[name] { return reason }
        return Spelling.suggestion(for: name, in: functions.keys.sorted())
    }

    private static let pure: [String: Function] = [
        comparisons, texts, textShapes, expressions, lists, listShapes, maps, numbers, conversions, encodings, paths,
        versions,
    ].reduce(into: [:]) { all, some in all.merge(some) { $1 } }

    /// Sprig's functions whose result is another one each time, or that would look outside.
    private static let refused: [String: String] = {
        let changing = [
            "now", "date", "dateInZone", "dateModify", "date_modify", "ago", "htmlDate", "unixEpoch", "uuidv4",
            "randAlpha",
            "randAlphaNum", "randNumeric", "randAscii", "randBytes", "randInt", "shuffle", "genPrivateKey", "genCA",
            "genSelfSignedCert", "genSignedCert", "getHostByName", "htpasswd", "bcrypt", "encryptAES",
        ]
        let reason = "its result would be another one each time: give the value as a variable"
        return Dictionary(changing.map { ($0, reason) }, uniquingKeysWith: { $1 })
    }()

    private static func outward(
        _ environment: [String: String], _ file: @escaping @Sendable (String) throws -> String
    ) -> [String: Function] {
        [
            "env": Function(1) { .text(environment[try $0.text(0)] ?? "") },
            // goss's: the second argument is what an unset variable is.
            "getEnv": Function(1...2) { a in
                if let value = environment[try a.text(0)] { return .text(value) }
                return .text(a.count == 2 ? try a.text(1) : "")
            },
            "readFile": Function(1) { .text(try file(try $0.text(0))) },
        ]
    }
}
