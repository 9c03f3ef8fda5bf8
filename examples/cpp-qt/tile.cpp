#include "tile.h"

#include <QPainter>

Tile::Tile(QWidget* parent) : QWidget(parent) { setMinimumSize(240, 135); }

void Tile::setUser(const QString& user) {
  user_ = user;
  note_.clear();
  image_ = QImage();
  update();
}

void Tile::setImage(const QImage& image) {
  image_ = image;
  update();
}

void Tile::setNote(const QString& note) {
  note_ = note;
  update();
}

void Tile::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), QColor(28, 30, 34));
  if (!image_.isNull()) {
    const QSize size = image_.size().scaled(this->size(), Qt::KeepAspectRatio);
    const QRect place(QPoint((width() - size.width()) / 2, (height() - size.height()) / 2), size);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    painter.drawImage(place, image_);
  }
  painter.setPen(Qt::white);
  const QString text = user_.isEmpty() ? tr("free") : note_.isEmpty() ? user_ : user_ + " - " + note_;
  painter.drawText(rect().adjusted(8, 8, -8, -8), Qt::AlignBottom | Qt::AlignLeft, text);
}
