//! Calls of functions, methods and operators: which overload fits, and what to say where none does.

use super::infer::Inference;
use super::library::ORDERED;
use super::unify::{is_free, is_number};
use super::words;
use crate::engine::syntax::{Bytes, ExprId, Name};
use crate::engine::types::{Signature, Type};

impl Inference<'_> {
    /// An operator on operands that are typed already; `at` is where it stands.
    pub(super) fn operator(&mut self, name: &str, operands: &[ExprId], of: &[Type], at: &Bytes) -> Type {
        if ORDERED.contains(&name) {
            return self.order(name, operands, of, at);
        }
        let env = self.env;
        let candidates: Vec<&Signature> = env.functions(name).collect();
        match self.overload(&candidates, None, of) {
            Some(result) => result,
            None => {
                let shown = if name == "-_" { "-" } else { name };
                let types: Vec<Type> = of.iter().map(|of| self.found.settle(of)).collect();
                let message = format!("`{shown}` does not work on {}", words::with_and(&types));
                let help = words::operator_help(shown, &types, self.ast, operands);
                self.wrong(at.clone(), message, help)
            }
        }
    }

    fn order(&mut self, name: &str, operands: &[ExprId], of: &[Type], at: &Bytes) -> Type {
        let ordered = |of: &Type| {
            let of = if let Type::Wrapper(inner) = of { inner } else { of };
            is_free(of)
                || is_number(of)
                || Self::is_text(of)
                || matches!(of, Type::Bool | Type::Bytes | Type::Timestamp | Type::Duration)
        };
        let (left, right) = (self.found.resolve(&of[0]), self.found.resolve(&of[1]));
        if ordered(&left) && ordered(&right) && self.found.comparable(&left, &right) {
            return Type::Bool;
        }
        let types = [self.found.settle(&left), self.found.settle(&right)];
        let message = format!("`{name}` does not compare {}", words::with_and(&types));
        let help = words::operator_help(name, &types, self.ast, operands);
        self.wrong(at.clone(), message, help);
        // Whatever the sides are, a comparison is true or false: one mistake is said once.
        Type::Bool
    }

    /// A function or a method.
    pub(super) fn call(&mut self, target: Option<ExprId>, function: &Name, args: &[ExprId], whole: &Bytes) -> Type {
        let space = target.and_then(|target| self.namespace(target));
        let name = match &space {
            Some(space) => format!("{space}.{}", function.text),
            None => function.text.clone(),
        };
        let name = name.trim_start_matches('.');
        let receiver = match (target, &space) {
            (Some(target), None) => Some(self.infer(target)),
            _ => None,
        };
        let at = match (&space, target) {
            (Some(_), Some(target)) => self.ast.span(target).start..function.span.end,
            _ => function.span.clone(),
        };
        let env = self.env;
        let all: Vec<&Signature> = env.functions(name).collect();
        let extreme = matches!(name, "math.greatest" | "math.least");
        if all.is_empty() && !extreme {
            // Its arguments may be those of a macro that was meant: nothing is said about them.
            let help = env.function_help(name);
            return self.wrong(at, format!("there is no function `{name}`"), help);
        }
        let of: Vec<Type> = args.iter().map(|arg| self.infer(*arg)).collect();
        if extreme {
            return self.extreme(name, args, &of, whole);
        }
        let kind: Vec<&Signature> =
            all.iter().copied().filter(|s| s.receiver.is_some() == receiver.is_some()).collect();
        if kind.is_empty() {
            let message = if receiver.is_some() {
                format!("`{name}` is a function and is used like a method")
            } else {
                format!("`{name}` is a method and is used like a function")
            };
            return self.wrong(at, message, words::usage(&all));
        }
        let fitting: Vec<&Signature> = kind.iter().copied().filter(|s| s.params.len() == args.len()).collect();
        if fitting.is_empty() {
            let message = format!("`{name}` does not take {}", words::arguments(args.len()));
            return self.wrong(at, message, words::usage(&kind));
        }
        let Some(result) = self.overload(&fitting, receiver.as_ref(), &of) else {
            return self.misfit(name, &fitting, receiver, args, &of, at);
        };
        self.check_paths(&fitting, args, &of);
        result
    }

    /// The argument that fits no overload, else all of them.
    fn misfit(
        &mut self,
        name: &str,
        fitting: &[&Signature],
        receiver: Option<Type>,
        args: &[ExprId],
        of: &[Type],
        at: Bytes,
    ) -> Type {
        if let Some(of) = &receiver {
            let before = self.found.clone();
            let fits = fitting.iter().any(|s| {
                self.found = before.clone();
                let (receiver, ..) = self.found.instance(s);
                receiver.is_some_and(|wanted| self.found.fits(of, &wanted))
            });
            self.found = before;
            if !fits {
                let of = self.found.settle(of);
                let message = format!("`{name}` cannot be asked of {of}");
                let help = words::receiver_help(name, &of, fitting);
                return self.wrong(at, message, help);
            }
        }
        if let [signature] = fitting {
            let (wanted, params, _) = self.found.instance(signature);
            if let (Some(of), Some(wanted)) = (&receiver, &wanted) {
                self.found.fits(of, wanted);
            }
            for ((arg, of), wanted) in args.iter().zip(of).zip(&params) {
                let before = self.found.clone();
                if !self.found.fits(of, wanted) {
                    self.found = before;
                    let (of, wanted) = (self.found.settle(of), self.found.settle(wanted));
                    let message = format!("`{name}` wants {wanted} here, and this is {of}");
                    let help = words::conversion_help(&of, &wanted, self.ast, *arg, fitting);
                    return self.wrong(self.ast.span(*arg), message, help);
                }
            }
        }
        let types: Vec<Type> = of.iter().map(|of| self.found.settle(of)).collect();
        let message = format!("`{name}` does not take {}", words::with_and(&types));
        self.wrong(at, message, words::usage(fitting))
    }

    /// The result of the overloads that fit: that of the first, unless several fit and give different
    /// types, which only happens where little is known of the arguments.
    fn overload(&mut self, candidates: &[&Signature], receiver: Option<&Type>, of: &[Type]) -> Option<Type> {
        let before = self.found.clone();
        let mut chosen: Option<(super::unify::Found, Type)> = None;
        let mut fitting = 0;
        for signature in candidates.iter().filter(|s| s.params.len() == of.len()) {
            self.found = before.clone();
            let (wanted, params, result) = self.found.instance(signature);
            let on = match (receiver, &wanted) {
                (Some(of), Some(wanted)) => self.found.fits(of, wanted),
                (None, None) => true,
                _ => false,
            };
            if !on || !of.iter().zip(&params).all(|(of, wanted)| self.found.fits(of, wanted)) {
                continue;
            }
            let result = self.found.resolve(&result);
            fitting += 1;
            match &chosen {
                None => chosen = Some((self.found.clone(), result)),
                Some((_, first)) if *first != result => {
                    // What one overload alone would teach about open types is not known then.
                    self.found = before;
                    return Some(Type::Dyn);
                }
                Some(_) => {}
            }
        }
        match chosen {
            Some((found, result)) => {
                // Where several fit, what the first would teach about the arguments is not known.
                let closed = found.settle(&result) == result;
                self.found = if fitting > 1 && closed { before } else { found };
                Some(result)
            }
            None => {
                self.found = before;
                None
            }
        }
    }

    /// Texts that name a field of a record.
    fn check_paths(&mut self, fitting: &[&Signature], args: &[ExprId], of: &[Type]) {
        let [signature] = fitting else { return };
        let (_, params, _) = self.found.instance(signature);
        for (of, wanted) in of.iter().zip(&params) {
            self.found.fits(of, wanted);
        }
        for (arg, wanted) in args.iter().zip(&params) {
            if let (Type::FieldOf(record), Some(path)) = (wanted, self.text_of(*arg)) {
                let span = self.ast.span(*arg);
                self.path(&record.clone(), path, &span);
            }
        }
    }

    /// `math.greatest` and `math.least` take any number of numbers, or one list of them.
    fn extreme(&mut self, name: &str, args: &[ExprId], of: &[Type], whole: &Bytes) -> Type {
        let items: Vec<(ExprId, Type)> = match (args, of) {
            ([list], [Type::List(item)]) => vec![(*list, (**item).clone())],
            _ => args.iter().copied().zip(of.iter().cloned()).collect(),
        };
        let Some((_, first)) = items.first().cloned() else {
            let message = format!("`{name}` is given nothing to choose from");
            return self.wrong(whole.clone(), message, "Write the numbers between the brackets.");
        };
        for (arg, of) in &items {
            if !is_free(of) && !is_number(of) {
                let message = format!("`{name}` chooses between numbers, and this is {of}");
                return self.wrong(self.ast.span(*arg), message, "Give numbers alone, or one list of numbers.");
            }
        }
        if items.iter().all(|(_, of)| *of == first) && !is_free(&first) { first } else { Type::Dyn }
    }
}
