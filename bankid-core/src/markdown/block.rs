//! Lines into blocks.

use alloc::{vec, vec::Vec};

use super::{Block, Fault, NumberedItem, Reason, inline, piece::Piece, table::OpenTable};

/// The blocks so far, and the one that the next line may continue.
#[derive(Default)]
pub(super) struct Blocks<'a> {
    done: Vec<Block<'a>>,
    open: Option<Open<'a>>,
}

enum Open<'a> {
    /// A list or a paragraph.
    Block(Block<'a>),
    Table(OpenTable<'a>),
}

impl<'a> Blocks<'a> {
    pub(super) fn take(&mut self, line: Piece<'a>) -> Result<(), Fault> {
        let line = line.trim_start();
        if matches!(self.open, Some(Open::Table(_))) && !line.text.starts_with('|') {
            self.close()?;
        }
        match line.text.chars().next() {
            None => self.close(),
            Some('#') => self.heading(line),
            Some('-') => self.rule(line),
            Some('+') => self.item(line),
            Some('|') => self.row(line),
            Some(_) => self.text(line),
        }
    }

    pub(super) fn finish(mut self) -> Result<Vec<Block<'a>>, Fault> {
        self.close()?;
        Ok(self.done)
    }

    fn close(&mut self) -> Result<(), Fault> {
        match self.open.take() {
            Some(Open::Block(block)) => self.done.push(block),
            Some(Open::Table(table)) => self.done.push(Block::Table(table.close()?)),
            None => {}
        }
        Ok(())
    }

    fn begin(&mut self, block: Block<'a>) -> Result<(), Fault> {
        self.close()?;
        self.open = Some(Open::Block(block));
        Ok(())
    }

    fn heading(&mut self, line: Piece<'a>) -> Result<(), Fault> {
        self.close()?;
        let marks = line.text.bytes().take_while(|byte| *byte == b'#').count();
        let level = match marks {
            1 => 1,
            2 => 2,
            3 => 3,
            _ => return Err(line.fault(Reason::HeadingLevel)),
        };
        let text = content(line, marks, Reason::HeadingSpace, Reason::HeadingEmpty)?;
        self.done.push(Block::Heading { level, text: inline::parse(text)? });
        Ok(())
    }

    fn rule(&mut self, line: Piece<'a>) -> Result<(), Fault> {
        self.close()?;
        if line.trim_end().text != "---" {
            return Err(line.fault(Reason::Rule));
        }
        self.done.push(Block::Rule);
        Ok(())
    }

    fn item(&mut self, line: Piece<'a>) -> Result<(), Fault> {
        let digits = line.text.bytes().skip(1).take_while(u8::is_ascii_digit).count();
        if digits > 0 {
            return self.numbered_item(line, digits);
        }
        let text = inline::parse(content(line, 1, Reason::UnorderedSpace, Reason::ItemEmpty)?)?;
        if let Some(Open::Block(Block::UnorderedList { items })) = &mut self.open {
            items.push(text);
            return Ok(());
        }
        self.begin(Block::UnorderedList { items: vec![text] })
    }

    fn numbered_item(&mut self, line: Piece<'a>, digits: usize) -> Result<(), Fault> {
        let number = line.skip(1).take(digits);
        let text = content(line, 1 + digits, Reason::OrderedSpace, Reason::ItemEmpty)?;
        let number = match number.text.parse() {
            Ok(value @ 1..=99) if !number.text.starts_with('0') => value,
            _ => return Err(number.fault(Reason::OrderedNumber)),
        };
        let item = NumberedItem { number, text: inline::parse(text)? };
        if let Some(Open::Block(Block::OrderedList { items })) = &mut self.open {
            items.push(item);
            return Ok(());
        }
        self.begin(Block::OrderedList { items: vec![item] })
    }

    fn row(&mut self, line: Piece<'a>) -> Result<(), Fault> {
        if let Some(Open::Table(table)) = &mut self.open {
            return table.take(line);
        }
        self.close()?;
        self.open = Some(Open::Table(OpenTable::begin(line)?));
        Ok(())
    }

    fn text(&mut self, line: Piece<'a>) -> Result<(), Fault> {
        let text = inline::parse(line)?;
        if let Some(Open::Block(Block::Paragraph { lines })) = &mut self.open {
            lines.push(text);
            return Ok(());
        }
        self.begin(Block::Paragraph { lines: vec![text] })
    }
}

/// What stands after a line's initial token and the blank that must follow it.
fn content(
    line: Piece<'_>,
    token: usize,
    no_space: Reason,
    empty: Reason,
) -> Result<Piece<'_>, Fault> {
    let rest = line.skip(token);
    if !rest.starts_blank() {
        return Err(line.fault(no_space));
    }
    if rest.trim_start().text.is_empty() {
        return Err(line.fault(empty));
    }
    Ok(rest)
}
